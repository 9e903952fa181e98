package benchmarks.suite;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The Pythons of this machine. Builds differ in speed as much as versions do, so each peer is given the fastest of
 * those that have what it needs.
 */
final class Python {
    private static final List<String> NAMES =
            List.of("python3", "python3.12", "python3.13", "python3.14", "python3.15");

    private final Path script;
    private final Programs programs;
    private final List<Interpreter> interpreters = new ArrayList<>();

    Python(Path script, Programs programs) throws InterruptedException {
        this.script = script;
        this.programs = programs;
        for (var executable : executables()) {
            try {
                var about = new TreeMap<String, String>();
                var command = List.of(executable.toString(), script.toString(), "asyncio", "versions");
                for (var word :
                        Programs.value(programs.run(command, 60), "result").split(" ")) {
                    int equals = word.indexOf('=');
                    about.put(word.substring(0, equals), word.substring(equals + 1));
                }
                interpreters.add(new Interpreter(executable, about));
            } catch (IOException e) {
                // Too old for the script: as good as absent.
            }
        }
    }

    private static Collection<Path> executables() {
        var found = new LinkedHashMap<Path, Path>();
        for (var folder : (System.getenv("PATH") + File.pathSeparator + "/usr/bin").split(File.pathSeparator)) {
            for (var name : NAMES) {
                var executable = Path.of(folder, name);
                if (Files.isExecutable(executable)) {
                    try {
                        found.putIfAbsent(executable.toRealPath(), executable);
                    } catch (IOException e) {
                        // A link to nowhere.
                    }
                }
            }
        }
        return found.values();
    }

    /** What runs a peer in a row, or nothing. */
    Optional<Interpreter> interpreter(Peer peer, Row row) {
        return interpreters.stream()
                .filter(i -> peer != Peer.UVLOOP || i.about.containsKey("uvloop"))
                .filter(i -> row != Row.EAGER_GATHER || i.about.containsKey("eager"))
                .filter(i -> !row.http() || i.about.containsKey("aiohttp"))
                .filter(i -> !row.file() || i.about.containsKey("aiofiles"))
                .min((a, b) -> Double.compare(a.sleep0(), b.sleep0()));
    }

    List<String> run(Interpreter interpreter, Peer peer, Row row, int seconds, Object... arguments)
            throws IOException, InterruptedException {
        var command = List.of(interpreter.executable.toString(), script.toString(), peer.id, row.benchmark);
        return programs.run(Programs.command(command, arguments), seconds);
    }

    record Interpreter(Path executable, Map<String, String> about) {
        double sleep0() {
            return Double.parseDouble(about.get("sleep0"));
        }
    }
}
