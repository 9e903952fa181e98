package asyncio.io;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is left of a {@link Subprocess} that has ended. Python: {@code subprocess.CompletedProcess}. */
public final class CompletedProcess {
    private final List<String> args;
    private final int returncode;
    private final byte @Nullable [] stdout;
    private final byte @Nullable [] stderr;

    private CompletedProcess(List<String> args, int returncode, byte @Nullable [] stdout, byte @Nullable [] stderr) {
        this.args = List.copyOf(args);
        this.returncode = returncode;
        this.stdout = stdout;
        this.stderr = stderr;
    }

    /** One of these; null for an output that was not a pipe. */
    public static CompletedProcess of(
            List<String> args, int returncode, byte @Nullable [] stdout, byte @Nullable [] stderr) {
        return new CompletedProcess(args, returncode, stdout, stderr);
    }

    /** {@link Command#args()}. Python: {@code args}. */
    public List<String> args() {
        return args;
    }

    /** {@link Subprocess#returncode()}. Python: {@code returncode}. */
    public int returncode() {
        return returncode;
    }

    /** What it wrote; the array is the caller's. Null if stdout was not a pipe. Python: {@code stdout}. */
    public byte @Nullable [] stdout() {
        return stdout;
    }

    /** What it wrote; the array is the caller's. Null if stderr was not a pipe. Python: {@code stderr}. */
    public byte @Nullable [] stderr() {
        return stderr;
    }

    /**
     * {@link #stdout()} as text in UTF-8.
     *
     * @throws IllegalStateException if stdout was not a pipe
     */
    public String stdoutText() {
        return stdoutText(StandardCharsets.UTF_8);
    }

    /** {@link #stdoutText()} in this charset. */
    public String stdoutText(Charset charset) {
        return text("stdout", stdout, charset);
    }

    /**
     * {@link #stderr()} as text in UTF-8.
     *
     * @throws IllegalStateException if stderr was not a pipe
     */
    public String stderrText() {
        return stderrText(StandardCharsets.UTF_8);
    }

    /** {@link #stderrText()} in this charset. */
    public String stderrText(Charset charset) {
        return text("stderr", stderr, charset);
    }

    private static String text(String name, byte @Nullable [] output, Charset charset) {
        Objects.requireNonNull(charset, name + "Text: charset is null");
        if (output == null) {
            throw new IllegalStateException(name + " was not a pipe");
        }
        return new String(output, charset);
    }

    /**
     * This, if the exit code is 0. Python: {@code check_returncode}.
     *
     * @throws CalledProcessException otherwise
     */
    public CompletedProcess checkReturncode() throws CalledProcessException {
        if (returncode != 0) {
            throw new CalledProcessException(this);
        }
        return this;
    }

    @Override
    public String toString() {
        return "CompletedProcess" + args + " returncode=" + returncode
                + (stdout == null ? "" : " stdout=" + stdout.length + " bytes")
                + (stderr == null ? "" : " stderr=" + stderr.length + " bytes");
    }
}
