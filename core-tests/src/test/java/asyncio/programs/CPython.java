package asyncio.programs;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** What CPython makes of random programs: as it is recorded, or from a Python that is there. */
final class CPython implements AutoCloseable {
    static final Path RECORD = Path.of("src", "test", "resources", "asyncio", "programs", "cpython.txt.gz");
    private static final Path SCRIPT = Path.of("src", "test", "python", "programs.py");

    private final Process process;
    private final BufferedReader traces;
    private final BufferedWriter programs;

    /** Starts {@code python}. */
    CPython(String python) throws IOException {
        process = new ProcessBuilder(python, SCRIPT.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        traces = process.inputReader(StandardCharsets.UTF_8);
        programs = process.outputWriter(StandardCharsets.UTF_8);
    }

    /** Has it run a program, and gives its output. */
    List<String> run(String program) {
        var lines = new ArrayList<String>();
        try {
            programs.write(program + "\n");
            programs.flush();
            for (var line = traces.readLine(); !"E".equals(line); line = traces.readLine()) {
                if (line == null) {
                    throw new EOFException("Python has ended");
                }
                lines.add(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return lines;
    }

    /** Has it run a program, and gives the trace. */
    List<String> traceOf(List<Statement> program) {
        return read(run(Statement.textOf(program))).values().iterator().next();
    }

    @Override
    public void close() {
        process.destroy();
    }

    /** The recorded traces, by program. */
    static Map<String, List<String>> recorded() throws IOException {
        try (var text = new GZIPInputStream(Files.newInputStream(RECORD))) {
            return read(new String(text.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList());
        }
    }

    static void record(List<String> lines) throws IOException {
        try (var text = new GZIPOutputStream(Files.newOutputStream(RECORD))) {
            text.write(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
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
