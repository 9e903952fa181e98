package asyncio.io;

import asyncio.AsyncContextManager;
import asyncio.CheckReturnValue;
import asyncio.Coroutine;
import asyncio.spi.IoProvider;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A program that this one has started. Python: {@code asyncio.subprocess.Process}.
 *
 * <pre>{@code
 * var process = await(Command.exec("sort", "-r").withStdin(PIPE).withStdout(PIPE).start());
 * var done = await(process.communicate("a\nb\n".getBytes()));
 * }</pre>
 *
 * <p>As an {@link AsyncContextManager} it is killed at the end of the block if it runs then, and its end is awaited.
 * Without that it goes on when the task that waits for it is cancelled, up to the end of its loop, which kills it. Its
 * descendants are not killed.
 *
 * <p>Only code of the loop may call it.
 */
public interface Subprocess extends AsyncContextManager<Subprocess> {

    // ---- starting

    /** {@link #start} with {@link Command#exec(String, String...)}: stdin, stdout and stderr are inherited. */
    @CheckReturnValue
    static Coroutine<Subprocess> exec(String program, String... arguments) {
        return start(Command.exec(program, arguments));
    }

    /** {@link #start} with {@link Command#shell(String)}: stdin, stdout and stderr are inherited. */
    @CheckReturnValue
    static Coroutine<Subprocess> shell(String command) {
        return start(Command.shell(command));
    }

    /**
     * Starts a program. Python: {@code create_subprocess_exec}, {@code create_subprocess_shell}.
     *
     * <p>Awaiting it raises {@link java.nio.file.NoSuchFileException} if there is no such program, or no such directory
     * to start it in; {@link java.nio.file.AccessDeniedException} if it may not be started; another
     * {@link java.nio.file.FileSystemException} if a directory or a file cannot be used;
     * {@link IllegalArgumentException} if the locale of the JVM has no bytes for a character of an argument;
     * {@link IllegalStateException} in virtual time. If it is cancelled, a program that was started meanwhile is
     * killed.
     */
    @CheckReturnValue
    static Coroutine<Subprocess> start(Command command) {
        return IoProvider.get().processes().start(Objects.requireNonNull(command, "start: command is null"));
    }

    /**
     * Starts a program and waits for its end; its stdin is empty, its stdout and stderr are collected, unless the
     * command says otherwise. It is killed if this is cancelled. Python: {@code subprocess.run(…,
     * capture_output=True)}.
     *
     * <p>Awaiting it raises what awaiting {@link #start} raises. Any exit code is a result: see
     * {@link CompletedProcess#checkReturncode()}.
     */
    @CheckReturnValue
    static Coroutine<CompletedProcess> run(Command command) {
        return IoProvider.get().processes().run(Objects.requireNonNull(command, "run: command is null"), null);
    }

    /** {@link #run(Command)} with this on its stdin. Python: {@code subprocess.run(…, input=input)}. */
    @CheckReturnValue
    static Coroutine<CompletedProcess> run(Command command, byte[] input) {
        Objects.requireNonNull(command, "run: command is null");
        return IoProvider.get().processes().run(command, Objects.requireNonNull(input, "run: input is null"));
    }

    // ---- what it is

    /** The number of the process in the system. Python: {@code pid}. */
    long pid();

    /** What was started. */
    Command command();

    /**
     * The exit code; -N if signal N ended it; null while it runs. Python: {@code returncode}.
     *
     * <p>The JDK tells the same of signal N and of the exit code 128+N. It is taken for the signal if this program has
     * sent that signal, or if the program is not one that passes on exit codes, such as a shell, which gives 128+N when
     * a command of its line was ended by a signal, {@code docker} or {@code ssh}.
     */
    @Nullable
    Integer returncode();

    /**
     * Its stdin. Python: {@code stdin}.
     *
     * @throws IllegalStateException if it is not a pipe
     */
    StreamWriter stdin();

    /**
     * Its stdout. Python: {@code stdout}.
     *
     * @throws IllegalStateException if it is not a pipe
     */
    StreamReader stdout();

    /**
     * Its stderr. Python: {@code stderr}.
     *
     * @throws IllegalStateException if it is not a pipe
     */
    StreamReader stderr();

    // ---- waiting

    /**
     * Waits until it has ended, and gives its exit code: {@link #returncode()}. A program that writes into a pipe which
     * is not read does not end: see {@link #communicate()}. Python: {@code wait}.
     *
     * <p>What it has written can still be read afterwards, and a descendant of it may still be writing.
     */
    @CheckReturnValue
    Coroutine<Integer> waitEnded();

    /**
     * Closes its stdin, reads stdout and stderr to their ends at once, and waits until it has ended. Python:
     * {@code communicate}.
     */
    @CheckReturnValue
    Coroutine<CompletedProcess> communicate();

    /**
     * {@link #communicate()}, with this on its stdin, which need not read all of it. Python:
     * {@code communicate(input)}.
     *
     * @throws IllegalStateException if stdin is not a pipe
     */
    @CheckReturnValue
    Coroutine<CompletedProcess> communicate(byte[] input);

    // ---- signals

    /**
     * Sends a signal, such as 10 for SIGUSR1 on Linux; nothing if it has ended. Signals that were sent with this one's
     * methods come in that order; others than SIGTERM and SIGKILL are sent by the program {@code kill}, a moment later.
     * Python: {@code send_signal}.
     *
     * @throws IllegalArgumentException if there is no such signal; on Windows there are SIGTERM (15) and SIGKILL (9)
     */
    void sendSignal(int signal);

    /**
     * {@link #sendSignal(int)} by name, such as {@code SIGUSR1} or {@code USR1}.
     *
     * @throws IllegalArgumentException if there is no such signal
     */
    void sendSignal(String signal);

    /** Asks it to end, by SIGTERM; nothing if it has ended. Python: {@code terminate}. */
    void terminate();

    /** Ends it, by SIGKILL; nothing if it has ended. Python: {@code kill}. */
    void kill();
}
