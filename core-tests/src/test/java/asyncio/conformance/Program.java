package asyncio.conformance;

import static asyncio.Asyncio.getRunningLoop;

import asyncio.BrokenBarrierException;
import asyncio.CancelledError;
import asyncio.EventLoop;
import asyncio.IncompleteReadException;
import asyncio.InvalidStateException;
import asyncio.Outcome;
import asyncio.QueueEmptyException;
import asyncio.QueueFullException;
import asyncio.QueueShutDownException;
import asyncio.TimeoutException;
import asyncio.io.LimitOverrunException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.SocketException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A small program that prints what CPython prints for the program of the same name, line by line.
 *
 * <p>Python's global variables are fields, its module-level code is {@link #program()}.
 */
abstract class Program {
    private PrintStream out;

    final void printTo(PrintStream out) throws Exception {
        this.out = out;
        program();
    }

    /** The code at the end of the Python module. */
    abstract void program() throws Exception;

    final void say(Object... items) {
        out.println(Stream.of(items).map(Program::text).collect(Collectors.joining(" ")));
    }

    /** Python: {@code str(e)}. */
    static String str(Throwable e) {
        return e.getMessage() == null ? "" : e.getMessage();
    }

    /** Python: {@code [f(x) for x in xs]}. */
    static <T, R> List<R> each(List<? extends T> list, Function<? super T, ? extends R> f) {
        return list.stream().<R>map(f).toList();
    }

    /** Python: {@code threading.get_ident() == loop_thread}; here each coroutine may have a thread of its own. */
    static boolean isIn(EventLoop loop) {
        try {
            return getRunningLoop() == loop;
        } catch (IllegalStateException none) {
            return false;
        }
    }

    private static String text(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(Program::text).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof Outcome<?> outcome) {
            return text(outcome.succeeded() ? outcome.value() : outcome.exception());
        }
        return value instanceof Throwable error ? nameInPython(error) : String.valueOf(value);
    }

    static String nameInPython(Throwable error) {
        if (error instanceof InvalidStateException) return "InvalidStateError";
        if (error instanceof CancelledError || error instanceof CancellationException) return "CancelledError";
        if (error instanceof BrokenBarrierException) return "BrokenBarrierError";
        if (error instanceof QueueEmptyException) return "QueueEmpty";
        if (error instanceof QueueFullException) return "QueueFull";
        if (error instanceof QueueShutDownException) return "QueueShutDown";
        if (error instanceof IllegalStateException) return "RuntimeError";
        if (error instanceof IllegalArgumentException) return "ValueError";
        if (error instanceof NoSuchElementException) return "KeyError";
        if (error instanceof IndexOutOfBoundsException) return "LookupError";
        if (error instanceof ClassCastException) return "TypeError";
        if (error instanceof IncompleteReadException) return "IncompleteReadError";
        if (error instanceof LimitOverrunException) return "LimitOverrunError";
        if (error instanceof ConnectException) return "ConnectionRefusedError";
        if (error instanceof SocketException) return "ConnectionResetError";
        if (error instanceof NoSuchFileException || error instanceof FileNotFoundException) return "FileNotFoundError";
        if (error instanceof IOException) return "OSError";
        if (error instanceof TimeoutException) return "TimeoutError";
        return error.getClass().getSimpleName();
    }
}
