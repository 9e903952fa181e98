package asyncio.io;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A program has ended with another exit code than 0. The message has the ends of both outputs. Python:
 * {@code subprocess.CalledProcessError}.
 */
public class CalledProcessException extends IOException {
    private static final long serialVersionUID = 1L;

    private static final int TAIL = 1000;

    private final transient CompletedProcess process;

    /** Makes one. */
    public CalledProcessException(CompletedProcess process) {
        super(messageOf(process));
        this.process = process;
    }

    /** What has ended. Python: {@code cmd}, {@code returncode}, {@code stdout} and {@code stderr}. */
    public CompletedProcess process() {
        return process;
    }

    private static String messageOf(CompletedProcess process) {
        var code = process.returncode();
        var message = new StringBuilder("Command ").append(process.args());
        if (code < 0) {
            message.append(" died with signal ").append(-code);
        } else {
            message.append(" returned non-zero exit status ").append(code);
        }
        appendTail(message, "stdout", process.stdout());
        appendTail(message, "stderr", process.stderr());
        return message.toString();
    }

    private static void appendTail(StringBuilder message, String name, byte @Nullable [] output) {
        if (output == null || output.length == 0) {
            return;
        }
        var from = Math.max(0, output.length - TAIL);
        var text = new String(output, from, output.length - from, StandardCharsets.UTF_8).stripTrailing();
        message.append('\n').append(name).append(from > 0 ? ": …" : ": ").append(text);
    }
}
