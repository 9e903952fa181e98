package benchmarks.suite;

import benchmarks.http.HttpServer;
import benchmarks.http.TlsServer;
import benchmarks.work.Asleep;
import benchmarks.work.Memory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Measures everything and shows it: one process per peer and row, one at a time, in rounds, so that a slow minute of
 * the machine meets all of them. A figure is the best of its rounds: other work on the machine can only slow it down.
 * What fails is shown as such; the exit code is always 0.
 */
public final class Suite {
    /** How many tasks sleep at once. */
    static final int SLEEPERS = 1_000_000;

    /** How many tasks wait while the memory is measured. */
    private static final int WAITERS = 200_000;

    private static final String NOT_HERE = "not on this machine";
    private static final List<String> HEAP = List.of("-Xms1g", "-Xmx1g");
    private static final List<String> QUIET =
            List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

    private final Options options;
    private final Path log;
    private final Programs programs;
    private final Python python;
    private final Jdk jdk = Jdk.running();
    private final Optional<Jdk> oldJdk = Jdk.withoutVirtualThreads();
    private final Figures figures = new Figures();
    private final double load = Machine.load();
    private Server server;
    private Server tlsServer;
    private int step;

    private Suite(Options options) throws IOException, InterruptedException {
        this.options = options;
        Files.createDirectories(options.folder());
        log = options.folder().resolve("suite.log");
        Files.writeString(log, "");
        programs = new Programs(log);
        python = new Python(options.home().resolve("src/main/python/peer.py"), programs);
    }

    public static void main(String[] args) throws Exception {
        Locale.setDefault(Locale.ROOT);
        // Another JMH on this machine would only make the figures worse.
        System.setProperty("jmh.ignoreLock", "true");
        new Suite(Options.of(args)).measure();
        System.exit(0);
    }

    private void measure() throws Exception {
        var start = System.nanoTime();
        try (var server = new Server(server("64m", HttpServer.class), log);
                var tlsServer = new Server(server("512m", TlsServer.class), log)) {
            this.server = server;
            this.tlsServer = tlsServer;
            var cells = cells();
            for (var cell : cells) {
                measure(cell, cells.size());
            }
        }
        var minutes = (System.nanoTime() - start) / 60e9;
        var machine = Machine.describe(jdk, oldJdk, python, load);
        var report = new Report(figures, machine, options.describeRounds(), options.quick(), minutes);
        System.out.print(report.console());
        Files.writeString(options.folder().resolve("results.json"), report.json());
        Files.writeString(options.folder().resolve("results.md"), report.markdown());
        var written = new ArrayList<>(List.of("results.json", "results.md"));
        if (options.rows().stream().anyMatch(Row.LOOP::contains)) {
            write("chart.svg", new Chart(Row.LOOP, "asyncio4j", figures, machine), written);
        }
        if (options.rows().stream().anyMatch(Row.HTTP::contains)) {
            write("chart-http.svg", new Chart(Row.HTTP, "The HTTP client of asyncio4j", figures, machine), written);
        }
        System.out.println("\nWritten: " + String.join(", ", written) + " in " + options.folder());
    }

    private void write(String name, Chart chart, List<String> written) throws IOException {
        Files.writeString(options.folder().resolve(name), chart.svg());
        written.add(name);
    }

    /** A server has a core of its own where that can be arranged. */
    private List<String> server(String heap, Class<?> server) {
        var command = new ArrayList<String>();
        int cores = Runtime.getRuntime().availableProcessors();
        if (cores >= 2 && Files.isExecutable(Path.of("/usr/bin/taskset"))) {
            command.addAll(List.of("taskset", "-c", String.valueOf(cores - 1)));
        }
        command.addAll(List.of(jdk.java(), "-XX:+UseSerialGC", "-Xmx" + heap));
        if (jdk.feature() >= 24) {
            command.addAll(QUIET);
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), server.getName()));
        return command;
    }

    private Server server(Row row) {
        return row.tls() ? tlsServer : server;
    }

    private record Cell(int round, Peer peer, Row row) {}

    /** In the order in which they are measured. */
    private List<Cell> cells() {
        var cells = new ArrayList<Cell>();
        for (int round = 1; round <= options.rounds(); round++) {
            for (var row : options.rows()) {
                for (var peer : options.peers()) {
                    if (peer.rows.contains(row) && round <= options.rounds(row, peer)) {
                        cells.add(new Cell(round, peer, row));
                    }
                }
            }
        }
        return cells;
    }

    private void measure(Cell cell, int cells) throws InterruptedException {
        var row = cell.row;
        var figure = figures.get(row, cell.peer);
        System.err.printf("[%d/%d] round %d  %-46s %-34s ", ++step, cells, cell.round, row.label, cell.peer.label(row));
        System.err.flush();
        try {
            var before = row.http() ? server(row).usage() : null;
            double value;
            if (cell.peer.python()) {
                var interpreter = python.interpreter(cell.peer, row);
                if (interpreter.isEmpty()) {
                    figure.note = NOT_HERE;
                    System.err.println(NOT_HERE);
                    return;
                }
                value = python(interpreter.get(), cell, figure);
            } else if (row == Row.MEMORY) {
                value = result(program(cell.peer, "-Xmx3g", Memory.class, cell.peer.id, WAITERS));
            } else if (row == Row.ASLEEP) {
                value = asleep(program(cell.peer, "-Xmx2g", Asleep.class, cell.peer.id, SLEEPERS, 5), figure);
            } else {
                value = jmh(cell, figure);
            }
            if (row.http()) {
                figures.addServer(row, server(row).usage().perRequestSince(before));
            }
            figure.add(value);
            System.err.println(row.unit.format(value));
        } catch (IOException | RunnerException | RuntimeException e) {
            if (!figure.measured()) {
                figure.note = "failed: " + e.getMessage();
            }
            System.err.println("failed: " + e);
        }
    }

    private double python(Python.Interpreter interpreter, Cell cell, Figures.Figure figure)
            throws IOException, InterruptedException {
        if (cell.row.http()) {
            var url = (cell.row.tls() ? "https" : "http") + "://127.0.0.1:"
                    + server(cell.row).port();
            return timed(python.run(interpreter, cell.peer, cell.row, 60, url), figure);
        }
        return switch (cell.row) {
            case MEMORY -> result(python.run(interpreter, cell.peer, cell.row, 60, WAITERS));
            case ASLEEP -> asleep(python.run(interpreter, cell.peer, cell.row, 120, SLEEPERS, 12), figure);
            default -> timed(python.run(interpreter, cell.peer, cell.row, 60), figure);
        };
    }

    private List<String> program(Peer peer, String heap, Class<?> program, Object... arguments)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(jdk(peer).java(), heap));
        command.addAll(arguments(peer));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        return programs.run(Programs.command(command, arguments), 120);
    }

    private static double result(List<String> lines) throws IOException {
        return Double.parseDouble(Programs.value(lines, "result"));
    }

    private static double timed(List<String> lines, Figures.Figure figure) throws IOException {
        figure.addCpu(Double.parseDouble(Programs.value(lines, "cpu")));
        return result(lines);
    }

    private static double asleep(List<String> lines, Figures.Figure figure) throws IOException {
        int woke = Integer.parseInt(Programs.value(lines, "woke"));
        int asleep = Integer.parseInt(Programs.value(lines, "asleep"));
        figure.note = "%,d woke, %,d slept at once".formatted(woke, asleep);
        return result(lines);
    }

    /** A fork of JMH: the median of its iterations, in microseconds. */
    private double jmh(Cell cell, Figures.Figure figure) throws RunnerException, IOException {
        var peer = cell.peer;
        boolean http = cell.row.http();
        boolean quick = options.quick();
        var output = Files.createTempFile("jmh", ".log");
        var arguments = new ArrayList<>(HEAP);
        arguments.addAll(arguments(peer));
        arguments.add("-Dbenchmarks.ops=" + peer.ops);
        arguments.add("-Dbenchmarks.port=" + server.port());
        arguments.add("-Dbenchmarks.tlsPort=" + tlsServer.port());
        var jmh = new OptionsBuilder()
                .include("^" + peer.benchmark(cell.row).replace(".", "\\.") + "$")
                .forks(1)
                .jvm(jdk(peer).java())
                .jvmArgs(arguments.toArray(String[]::new))
                .warmupIterations(http ? 3 : 2)
                .warmupTime(TimeValue.milliseconds(warmup(cell.row)))
                .measurementIterations(quick ? 3 : 4)
                .measurementTime(TimeValue.milliseconds(quick ? 150 : 200))
                .timeout(TimeValue.seconds(20))
                .shouldFailOnError(true)
                .addProfiler(CpuTime.class)
                .verbosity(VerboseMode.NORMAL)
                .output(output.toString());
        if (!http && !cell.row.file()) {
            jmh.operationsPerInvocation(peer.ops);
        }
        try {
            var iterations = new Runner(jmh.build())
                    .run().stream()
                            .flatMap(run -> run.getBenchmarkResults().stream())
                            .flatMap(fork -> fork.getIterationResults().stream())
                            .toList();
            figure.addCpu(median(iterations, i -> i.getSecondaryResults().get(CpuTime.NAME)));
            return median(iterations, IterationResult::getPrimaryResult);
        } finally {
            Files.write(log, Files.readAllBytes(output), StandardOpenOption.APPEND);
            Files.delete(output);
        }
    }

    /** Milliseconds of one of the iterations before it counts: compilers count calls, and slow work makes few. */
    private int warmup(Row row) {
        int milliseconds = switch (row) {
            case HTTP1 -> 2_000;
            default -> row.http() ? 900 : 500;
        };
        return options.quick() ? milliseconds * 2 / 3 : milliseconds;
    }

    /** In microseconds. */
    private static double median(List<IterationResult> iterations, Function<IterationResult, Result<?>> result) {
        double[] scores = iterations.stream()
                .mapToDouble(iteration -> result.apply(iteration).getScore())
                .sorted()
                .toArray();
        return (scores[(scores.length - 1) / 2] + scores[scores.length / 2]) / 2 / 1_000;
    }

    private Jdk jdk(Peer peer) {
        return peer == Peer.JAVA_PLATFORM ? oldJdk.orElse(jdk) : jdk;
    }

    private List<String> arguments(Peer peer) {
        var arguments = new ArrayList<>(peer.jvmArguments);
        int feature = jdk(peer).feature();
        if (feature >= 24) {
            arguments.addAll(QUIET);
        }
        return arguments;
    }

    /**
     * What the command line asks for.
     *
     * @param home the folder of this module
     * @param folder where the results go
     * @param httpRounds rounds of the rows of HTTP: they take long, and there are many of them
     */
    private record Options(
            Path home, Path folder, boolean quick, int rounds, int httpRounds, Set<Row> rows, Set<Peer> peers) {
        /** What a quick run does without. */
        private static final Set<Row> NOT_QUICK = EnumSet.of(
                Row.GATHER_SLEEPERS, Row.HTTP1, Row.HTTP1000, Row.HTTP_POST, Row.HTTP_GET_JSON, Row.HTTP_UPLOAD);

        static Options of(String[] args) {
            var home = Path.of(System.getProperty("benchmarks.home", "."));
            boolean quick = false;
            int rounds = 0;
            Set<Row> rows = EnumSet.allOf(Row.class);
            Set<Peer> peers = EnumSet.allOf(Peer.class);
            Path folder = null;
            for (var arg : args) {
                var value = arg.substring(arg.indexOf('=') + 1);
                switch (arg.substring(0, arg.length() - value.length())) {
                    case "--rounds=" -> rounds = Integer.parseInt(value);
                    case "--out=" -> folder = Path.of(value);
                    case "--rows=" -> rows = chooseRows(value);
                    case "--peers=" -> peers = choose(Peer.class, value);
                    default -> {
                        if (!arg.equals("--quick")) {
                            System.err.println("run [--quick] [--rounds=N] [--rows=A,B] [--peers=A,B] [--out=FOLDER]");
                            System.err.println(
                                    "rows: " + Arrays.toString(Row.values()) + ", or HTTP or FILE for all of those");
                            System.err.println("peers: " + Arrays.toString(Peer.values()));
                            System.exit(2);
                        }
                        quick = true;
                    }
                }
            }
            if (quick && rows.size() == Row.values().length) {
                rows.removeAll(NOT_QUICK);
            }
            boolean all = !quick && rows.size() == Row.values().length && peers.size() == Peer.values().length;
            if (folder == null) {
                folder = home.resolve(all ? "results" : "target/results");
            }
            int httpRounds = rounds > 0 ? rounds : quick ? 1 : 2;
            return new Options(home, folder, quick, rounds > 0 ? rounds : quick ? 1 : 3, httpRounds, rows, peers);
        }

        /** How often a peer is measured in a row. */
        int rounds(Row row, Peer peer) {
            int rounds = row.http() ? httpRounds : this.rounds;
            if (row == Row.MEMORY || row == Row.ASLEEP) {
                return 1;
            }
            return peer.near() ? rounds : Math.max(1, Math.min(2, rounds - 1));
        }

        String describeRounds() {
            if (rounds == 1) {
                return "One round";
            }
            var http = httpRounds == rounds ? "" : " (" + httpRounds + " with HTTP)";
            return "Best of " + rounds + " rounds" + http + ", fewer for the slow peers";
        }

        private static Set<Row> chooseRows(String names) {
            return switch (names.toUpperCase()) {
                case "HTTP" -> EnumSet.copyOf(Row.HTTP);
                case "FILE" -> EnumSet.copyOf(Row.FILE);
                default -> choose(Row.class, names);
            };
        }

        private static <E extends Enum<E>> Set<E> choose(Class<E> type, String names) {
            var chosen = EnumSet.noneOf(type);
            for (var name : names.split(",")) {
                chosen.add(Enum.valueOf(type, name.toUpperCase().replace('-', '_')));
            }
            return chosen;
        }
    }
}
