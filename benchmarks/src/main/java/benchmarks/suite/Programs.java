package benchmarks.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Other processes, run one at a time. */
final class Programs {
    private final Path log;

    Programs(Path log) {
        this.log = log;
    }

    /** Runs it to its end and gives what it printed; its errors go to the log. */
    List<String> run(List<String> command, int seconds) throws IOException, InterruptedException {
        var out = Files.createTempFile("benchmark", ".out");
        try {
            var process = new ProcessBuilder(command)
                    .redirectOutput(out.toFile())
                    .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new IOException("still running after " + seconds + " s");
            }
            var lines = Files.readAllLines(out);
            if (process.exitValue() != 0) {
                throw new IOException("exit code " + process.exitValue());
            }
            return lines;
        } finally {
            Files.delete(out);
        }
    }

    /** The value of the last line that begins with this word. */
    static String value(List<String> lines, String word) throws IOException {
        String value = null;
        for (var line : lines) {
            if (line.startsWith(word + " ")) {
                value = line.substring(word.length() + 1);
            }
        }
        if (value == null) {
            throw new IOException("printed no " + word);
        }
        return value;
    }

    static List<String> command(List<String> first, Object... rest) {
        var command = new ArrayList<>(first);
        for (var argument : rest) {
            command.add(String.valueOf(argument));
        }
        return command;
    }
}
