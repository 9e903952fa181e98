package asyncio.semantics;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import asyncio.Action;
import asyncio.Awaitable;
import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.ExceptionContext;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;

/** What the tests of semantics share. No test may hang, and no loop may report what the test did not ask for. */
@Timeout(value = 100, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class OnLoop {
    /** What happened, in its order; to be written only by code of one loop. */
    final List<Object> log = new ArrayList<>();

    /** What the exception handler of {@link #inLoop} was told. */
    final List<ExceptionContext> reports = new ArrayList<>();

    /** Runs {@code body} as the main coroutine of a program, in which nothing may be reported. */
    final void inLoop(Action body) {
        try {
            inLoopWithReports(body);
        } catch (Throwable error) {
            for (var report : reports) {
                error.addSuppressed(new AssertionError(report.message(), report.exception()));
            }
            throw error;
        }
        assertEquals(List.of(), reports);
    }

    /** {@link #inLoop} that leaves it to the test to look at {@link #reports}. */
    final void inLoopWithReports(Action body) {
        run(async(() -> {
            getRunningLoop().setExceptionHandler((loop, context) -> reports.add(context));
            body.run();
        }));
    }

    /** What was reported, in a few words. */
    final List<String> messages() {
        return reports.stream().map(ExceptionContext::message).toList();
    }

    /** Lets the loop do so many iterations. */
    static void iterations(int n) {
        for (int i = 0; i < n; i++) {
            await(sleep(ZERO));
        }
    }

    /** A coroutine that ends at once. */
    static <T> Coroutine<T> instant(T value) {
        return async(() -> value);
    }

    /** A coroutine that ends after so many iterations. */
    static <T> Coroutine<T> later(int iterations, T value) {
        return async(() -> {
            iterations(iterations);
            return value;
        });
    }

    /** A coroutine that awaits, and notes how it was cancelled. */
    final Coroutine<Void> noting(String name, Awaitable<?> awaitable) {
        return async(() -> {
            try {
                await(awaitable);
                log.add(name + " done");
            } catch (CancelledError e) {
                log.add(name + " cancelled: " + e.getMessage());
                throw e;
            }
        });
    }

    /** The {@link CancelledError} that awaiting raises. */
    static CancelledError cancelledBy(Awaitable<?> awaitable) {
        return assertThrows(CancelledError.class, () -> await(awaitable));
    }

    /** Waits until a condition holds that code of the loop, or of another thread, brings about. */
    static void until(java.util.function.BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            await(sleep(java.time.Duration.ofMillis(1)));
        }
    }
}
