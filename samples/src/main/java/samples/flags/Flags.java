package samples.flags;

import asyncio.CancelledError;
import asyncio.KeyboardInterrupt;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import samples.Main;
import samples.ProgressLine;

/** Downloads flags in three ways, and shows what each of them costs. */
@Command(
        name = "flags",
        description =
                "Downloads the flags of the 20 most populous countries in three ways: one after another, with a pool of"
                        + " threads, and with asyncio4j.",
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every flag arrived",
            "1:a flag did not arrive",
            "2:a mistake on the command line",
            "130:interrupted"
        })
public final class Flags implements Callable<Integer> {
    private static final int DEFAULT_DELAY = 200;
    private static final int DEFAULT_TIMEOUT = 30;
    private static final String DEFAULT_OUT = "flags-downloaded";

    private static final Map<String, Way> WAYS = new LinkedHashMap<>();

    static {
        WAYS.put("sequential", new Sequential());
        WAYS.put("threads", new ThreadPool());
        WAYS.put("asyncio", new AsyncioTasks());
    }

    @Spec
    private CommandSpec spec;

    private Map<String, Way> ways = WAYS;
    private List<String> countries = Countries.MOST_POPULOUS;
    private int limit = Integer.MAX_VALUE;
    private URI baseUrl;
    private Integer delay;
    private Duration timeout = Duration.ofSeconds(DEFAULT_TIMEOUT);
    private Path out = Path.of(DEFAULT_OUT);

    @Option(
            names = "--way",
            order = 3,
            paramLabel = "WAY",
            description = "sequential, threads, asyncio, or all. Default: all.")
    private void setWay(String name) {
        check(
                name.equals("all") || WAYS.containsKey(name),
                "--way",
                "'" + name + "' is none of all, " + String.join(", ", WAYS.keySet()));
        ways = name.equals("all") ? WAYS : Map.of(name, WAYS.get(name));
    }

    @Option(names = "--fail", hidden = true, split = ",", paramLabel = "CC=FAULT")
    private Map<String, FlagServer.Fault> faults = Map.of();

    @Option(
            names = {"-h", "--help"},
            order = 8,
            usageHelp = true,
            description = "Shows this.")
    private boolean help;

    @Option(
            names = "--cc",
            order = 1,
            paramLabel = "CC[,CC...]",
            description = "Two-letter codes of countries, such as kr,jp. Default: the 20 most populous countries.")
    private void setCountries(String codes) {
        countries = Arrays.stream(codes.split(",", -1))
                .map(code -> code.strip().toLowerCase(Locale.ROOT))
                .distinct()
                .toList();
        for (var country : countries) {
            check(country.matches("[a-z]{2}"), "--cc", "'" + country + "' is not a two-letter code");
        }
    }

    @Option(
            names = "--limit",
            order = 2,
            paramLabel = "N",
            description = "At most so many flags at once: threads in the pool, permits of the semaphore. Default: all.")
    private void setLimit(int limit) {
        check(limit >= 1, "--limit", "it must be at least 1, but was " + limit);
        this.limit = limit;
    }

    @Option(
            names = "--base-url",
            order = 4,
            paramLabel = "URL",
            description = "A server to ask for URL/kr.svg and so on. Default: a server inside this program.")
    private void setBaseUrl(String url) {
        try {
            baseUrl = new URI(url);
        } catch (URISyntaxException e) {
            check(false, "--base-url", "'" + url + "' is not a URL");
        }
        check(
                Set.of("http", "https")
                                .contains(String.valueOf(baseUrl.getScheme()).toLowerCase(Locale.ROOT))
                        && baseUrl.getHost() != null
                        && baseUrl.getPort() <= 65535
                        && baseUrl.getQuery() == null
                        && baseUrl.getFragment() == null,
                "--base-url",
                "'" + url + "' is not like http://localhost:8080/flags");
    }

    @Option(
            names = "--delay",
            order = 5,
            paramLabel = "MS",
            description = "How many milliseconds the server inside this program takes to answer. Default: "
                    + DEFAULT_DELAY + ".")
    private void setDelay(int delay) {
        check(delay >= 0, "--delay", "it must not be negative, but was " + delay);
        this.delay = delay;
    }

    @Option(
            names = "--timeout",
            order = 6,
            paramLabel = "S",
            description = "How many seconds a flag may take. Default: " + DEFAULT_TIMEOUT + ".")
    private void setTimeout(int timeout) {
        check(timeout >= 1, "--timeout", "it must be at least 1, but was " + timeout);
        this.timeout = Duration.ofSeconds(timeout);
    }

    @Option(
            names = "--out",
            order = 7,
            paramLabel = "DIR",
            description = "Where to save; each way has its own folder in it. Default: " + DEFAULT_OUT + ".")
    private void setOut(String folder) {
        check(!folder.isBlank(), "--out", "it must not be empty");
        try {
            out = Path.of(folder);
        } catch (InvalidPathException e) {
            check(false, "--out", "this machine cannot have a folder of this name in the present locale");
        }
    }

    private void check(boolean valid, String option, String problem) {
        if (!valid) {
            throw new ParameterException(spec.commandLine(), "Invalid value for option '" + option + "': " + problem);
        }
    }

    @Override
    public Integer call() {
        if (baseUrl != null && (delay != null || !faults.isEmpty())) {
            throw new ParameterException(
                    spec.commandLine(), "--delay is for the server inside this program, which --base-url replaces");
        }
        var interruption = new Interruption();
        try {
            return baseUrl == null ? downloadFromOwnServer() : download(baseUrl, "");
        } catch (InterruptedException | CancelledError | KeyboardInterrupt e) {
            spec.commandLine().getErr().println("interrupted");
            return Main.INTERRUPTED;
        } finally {
            interruption.close();
        }
    }

    private int downloadFromOwnServer() throws InterruptedException {
        var millis = delay == null ? DEFAULT_DELAY : delay;
        try (var server = FlagServer.start(Duration.ofMillis(millis), faults)) {
            return download(server.url(), ", served by this program after " + millis + " ms");
        }
    }

    private int download(URI source, String remark) throws InterruptedException {
        var folder = out.toAbsolutePath().normalize();
        var report = new Report(spec.commandLine().getOut());
        var number = countries.size() == 1 ? "1 flag" : countries.size() + " flags";
        var pace = limit < countries.size() ? ", at most " + limit + " at once," : "";
        report.head(number + pace + " from " + source + remark);
        try (var warmUp = new WarmUp()) {
            for (var way : ways.entrySet()) {
                warmUp.run(way.getValue());
                download(source, way.getValue(), new FlagFolder(folder.resolve(way.getKey())), report);
            }
        }
        return report.finish(folder) ? 0 : 1;
    }

    private void download(URI source, Way way, FlagFolder folder, Report report) throws InterruptedException {
        var atOnce = Math.min(limit, countries.size());
        var title = way.title(countries.size(), atOnce);
        var started = System.nanoTime();
        List<Download> downloads;
        try (var progress =
                ProgressLine.show(title, countries.size(), spec.commandLine().getErr())) {
            downloads = way.downloadMany(countries, new Job(source, folder, atOnce, timeout, progress::step));
        }
        report.add(way, title, downloads, System.nanoTime() - started);
    }
}
