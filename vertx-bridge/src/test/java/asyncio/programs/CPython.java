package asyncio.programs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What CPython makes of random programs: as it is recorded, or from a Python that is there. */
final class CPython {
    static final Path RECORD = Path.of("src", "test", "resources", "asyncio", "programs", "cpython.txt");
    private static final Path SCRIPT = Path.of("src", "test", "python", "programs.py");

    private CPython() {}

    /** The recorded traces, by program. */
    static Map<String, List<String>> recorded() throws IOException {
        return read(Files.readAllLines(RECORD));
    }

    /** Has {@code python} run these programs, and gives its output. */
    static List<String> run(String python, List<String> programs) throws IOException, InterruptedException {
        var input = Files.createTempFile("programs", ".txt");
        var output = Files.createTempFile("traces", ".txt");
        try {
            Files.write(input, programs);
            var process = new ProcessBuilder(python, SCRIPT.toString())
                    .redirectInput(input.toFile())
                    .redirectOutput(output.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            if (process.waitFor() != 0) {
                throw new IOException(python + " failed");
            }
            return Files.readAllLines(output, StandardCharsets.UTF_8);
        } finally {
            Files.delete(input);
            Files.delete(output);
        }
    }

    static Map<String, List<String>> read(List<String> lines) {
        var traces = new LinkedHashMap<String, List<String>>();
        List<String> trace = List.of();
        for (var line : lines) {
            if (line.startsWith("P ")) {
                trace = new ArrayList<>();
                traces.put(line.substring(2), trace);
            } else if (line.startsWith("> ")) {
                trace.add(line.substring(2));
            }
        }
        return traces;
    }
}
