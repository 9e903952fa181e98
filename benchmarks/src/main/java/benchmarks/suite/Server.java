package benchmarks.suite;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A server for the HTTP clients, in a process of its own; see {@code benchmarks.http.Usage} for what it prints. */
final class Server implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;
    private final int port;

    Server(List<String> command, Path log) throws IOException {
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        out = process.inputReader(StandardCharsets.UTF_8);
        port = Integer.parseInt(read());
    }

    int port() {
        return port;
    }

    /** What it has done since it was started. */
    Usage usage() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
        var numbers = read().split(" ");
        return new Usage(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]));
    }

    private String read() throws IOException {
        var line = out.readLine();
        if (line == null) {
            throw new IOException("The server has ended");
        }
        return line;
    }

    @Override
    public void close() {
        process.destroy();
    }

    record Usage(long requests, long nanoseconds) {
        /** Microseconds of a processor for each request since then; NaN if there was none. */
        double perRequestSince(Usage before) {
            long count = requests - before.requests;
            return count == 0 ? Double.NaN : (nanoseconds - before.nanoseconds) / 1e3 / count;
        }
    }
}
