package asyncio.semantics;

import static asyncio.Asyncio.asCompleted;
import static asyncio.Asyncio.async;
import static asyncio.Asyncio.asyncGenerator;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.each;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.shield;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.taskGroup;
import static asyncio.Asyncio.toThread;
import static asyncio.Asyncio.waitFor;
import static asyncio.Asyncio.with;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.Awaitable;
import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.ExceptionGroup;
import asyncio.Future;
import asyncio.TaskGroup;
import asyncio.TimeoutException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The stack trace of an exception that comes out of awaits: one line for each await of the user's, down to the call of
 * {@code run}, and nothing of the library. In CPython the traceback of the exception grows in the same way.
 */
class TracebackTest extends OnLoop {

    /**
     * The methods of the trace that are ours, lambdas by the method that they stand in; nothing internal may be there.
     */
    private static List<String> lines(Throwable error) {
        for (var frame : error.getStackTrace()) {
            var name = frame.getClassName();
            assertTrue(
                    Stream.of("asyncio.internal.", "asyncio.Asyncio", "kotlin.coroutines.", "kotlinx.", "io.")
                            .noneMatch(name::startsWith),
                    () -> "internal: " + frame + " in " + List.of(error.getStackTrace()));
        }
        return StackTest.methods(Stream.of(error.getStackTrace())
                .filter(frame -> frame.getClassName().startsWith("asyncio.semantics.")
                        && !frame.getClassName().endsWith(".OnLoop"))
                .toList());
    }

    private static <T extends Throwable> T raised(Class<T> type, Awaitable<?> awaitable) {
        return assertThrows(type, () -> awaits(awaitable));
    }

    private static <T> T awaits(Awaitable<T> awaitable) {
        return await(awaitable);
    }

    private static <T> Coroutine<T> fails() {
        return async(() -> {
            await(sleep(ZERO));
            throw new IllegalArgumentException("boom");
        });
    }

    private static <T> Coroutine<T> middle(Awaitable<T> awaitable) {
        return async(() -> await(awaitable));
    }

    private static <T> Coroutine<T> outer(Awaitable<T> awaitable) {
        return async(() -> await(awaitable));
    }

    private static <T> Coroutine<T> threeTasks() {
        return async(() -> await(createTask(outer(createTask(middle(createTask(fails())))))));
    }

    // ---- the chain

    @Test
    void throughCoroutinesThatAreAwaited() {
        var error = assertThrows(IllegalArgumentException.class, () -> run(outer(middle(fails()))));
        var test = "throughCoroutinesThatAreAwaited";
        assertEquals(List.of("fails", "middle", "outer", test, test), lines(error));
    }

    @Test
    void throughThreeTasks() {
        var error = assertThrows(IllegalArgumentException.class, () -> run(threeTasks()));
        assertEquals(
                List.of("fails", "middle", "outer", "threeTasks", "throughThreeTasks", "throughThreeTasks"),
                lines(error));
    }

    @Test
    void theLineThatRunsALoopIsTheLast() {
        var error = new IOException("no");
        var future = new ArrayList<Future<Object>>();
        var raised = assertThrows(IOException.class, () -> {
            try (var runner = asyncio.Runner.create()) {
                future.add(runner.getLoop().createFuture());
                runner.getLoop().callSoon(() -> future.get(0).setException(error));
                runner.getLoop().runUntilComplete(future.get(0));
            }
        });
        assertSame(error, raised);
        assertEquals("theLineThatRunsALoopIsTheLast", lines(raised).get(0), "where it was made");
        assertEquals(error.getStackTrace()[0].getLineNumber() + 6, lineOfRun(raised));
    }

    private static int lineOfRun(Throwable error) {
        return Stream.of(error.getStackTrace())
                .filter(frame -> frame.getMethodName().startsWith("lambda$theLineThatRunsALoopIsTheLast$"))
                .reduce((first, second) -> second)
                .orElseThrow()
                .getLineNumber();
    }

    @Test
    void ofAFutureWhoseExceptionIsSetElsewhere() {
        inLoop(() -> {
            var future = getRunningLoop().<Integer>createFuture();
            getRunningLoop().callSoon(() -> failing(future));
            var error = raised(IOException.class, createTask(outer(future)));
            assertEquals(
                    List.of("failing", "ofAFutureWhoseExceptionIsSetElsewhere", "outer", "awaits"), first(4, error));
        });
    }

    private static void failing(Future<?> future) {
        future.setException(new IOException("set"));
    }

    private static List<String> first(int n, Throwable error) {
        var lines = lines(error);
        assertTrue(lines.size() >= n, lines::toString);
        return lines.subList(0, n);
    }

    @Test
    void throughGatherShieldWaitForAndAsCompleted() {
        inLoop(() -> {
            for (Awaitable<?> awaitable : List.of(
                    gather(List.of(outer(fails()))),
                    shield(outer(fails())),
                    waitFor(createTask(outer(fails())), ofSeconds(100)),
                    asCompleted(List.of(outer(fails()))).iterator().next())) {
                var error = raised(IllegalArgumentException.class, createTask(middle(awaitable)));
                assertEquals(List.of("fails", "outer", "middle", "awaits"), first(4, error));
            }
        });
    }

    @Test
    void ofAGroupAndOfItsMembers() {
        inLoop(() -> {
            var error = raised(
                    ExceptionGroup.class,
                    createTask(outer(async(() -> with(taskGroup(), (TaskGroup group) -> {
                        group.createTask(outer(fails()));
                        group.createTask(middle(fails()));
                    })))));
            assertEquals(List.of("ofAGroupAndOfItsMembers", "outer", "awaits"), first(3, error));
            assertEquals(List.of("fails", "outer"), lines(error.exceptions().get(0)));
            assertEquals(List.of("fails", "middle"), lines(error.exceptions().get(1)));
        });
    }

    @Test
    void ofATimeoutAndItsCause() {
        inLoop(() -> {
            var error = raised(TimeoutException.class, createTask(outer(waitFor(sleep(ofSeconds(1000)), ofMillis(1)))));
            assertEquals(List.of("outer", "awaits"), first(2, error));
            assertEquals("outer", lines(error.getCause()).get(0));
        });
    }

    @Test
    void ofACancelledTaskWhereItStood() {
        inLoop(() -> {
            var task = createTask(outer(createTask(middle(sleep(ofSeconds(1000))))));
            iterations(3);
            task.cancel();
            assertEquals(List.of("middle", "outer", "awaits"), first(3, raised(CancelledError.class, task)));
        });
    }

    @Test
    void ofCodeInAThread() {
        inLoop(() -> {
            var error = raised(IOException.class, createTask(outer(toThread(() -> inThread()))));
            assertEquals(List.of("inThread", "ofCodeInAThread", "outer", "awaits"), first(4, error));
        });
    }

    private static Object inThread() throws IOException {
        throw new IOException("in a thread");
    }

    @Test
    void ofCodeOfTheJdkThatTheUserHasCalled() {
        inLoop(() -> {
            var error = raised(NumberFormatException.class, createTask(outer(async(() -> Integer.parseInt("x")))));
            assertTrue(error.getStackTrace()[0].getClassName().startsWith("java.lang."), "the JDK's frames stay");
            assertEquals(List.of("ofCodeOfTheJdkThatTheUserHasCalled", "outer", "awaits"), first(3, error));
        });
    }

    @Test
    void ofAMistakeTheInnermostFrameOfTheLibraryStays() {
        inLoop(() -> {
            var error = raised(IllegalStateException.class, createTask(outer(async(() -> run(async(() -> {}))))));
            var trace = error.getStackTrace();
            assertTrue(trace[0].getClassName().startsWith("asyncio.internal."), List.of(trace)::toString);
            assertTrue(trace[1].getClassName().startsWith(TracebackTest.class.getName()), List.of(trace)::toString);
        });
    }

    @Test
    void ofAnAsyncGenerator() {
        inLoop(() -> {
            var error = raised(IllegalArgumentException.class, createTask(outer(async(() -> {
                for (var item : each(generator())) {
                    log.add(item);
                }
            }))));
            assertEquals(List.of(1), log);
            assertEquals(
                    List.of("fails", "outer", "generator", "ofAnAsyncGenerator", "outer", "awaits"), first(6, error));
        });
    }

    private static asyncio.AsyncGenerator<Integer> generator() {
        return asyncGenerator(out -> {
            out.yield(1);
            out.yield(await(createTask(outer(fails()))));
        });
    }

    // ---- one exception, many awaits

    @Test
    void eachOfSeveralAwaitsShowsItsOwnStack() {
        inLoop(() -> {
            var task = createTask(TracebackTest.<Integer>fails());
            var first = createTask(async(() -> {
                var error = raised(IllegalArgumentException.class, outer(task));
                assertEquals(List.of("fails", "outer", "awaits"), first(3, error));
                return error;
            }));
            var second = createTask(async(() -> {
                var error = raised(IllegalArgumentException.class, middle(task));
                assertEquals(List.of("fails", "middle", "awaits"), first(3, error));
                return error;
            }));
            assertSame(await(first), await(second));
        });
    }

    @Test
    void anExceptionThatIsAwaitedAgainAndAgainDoesNotGrow() {
        inLoop(() -> {
            var task = createTask(TracebackTest.<Integer>fails());
            var cancelled = createTask(sleep(ofSeconds(1000)));
            iterations(1);
            cancelled.cancel();
            for (Awaitable<?> awaitable : List.of(task, cancelled)) {
                var sizes = new ArrayList<Integer>();
                for (int i = 0; i < 20; i++) {
                    sizes.add(raised(Throwable.class, awaitable).getStackTrace().length);
                    sizes.add(raised(Throwable.class, createTask(middle(awaitable)))
                            .getStackTrace()
                            .length);
                }
                assertEquals(2, sizes.stream().distinct().count(), sizes::toString);
            }
        });
    }

    @Test
    void oneObjectThatIsRaisedAgainAndAgainDoesNotGrow() {
        inLoop(() -> {
            var error = new IOException("the only one");
            var sizes = new ArrayList<Integer>();
            for (int i = 0; i < 20; i++) {
                assertSame(error, raised(IOException.class, createTask(async(() -> {
                    throw error;
                }))));
                sizes.add(error.getStackTrace().length);
            }
            assertTrue(sizes.stream().distinct().count() <= 3, sizes::toString);
            for (int i = 0; i < 2000; i++) {
                raised(IOException.class, createTask(i % 2 == 0 ? alternating(error) : outer(alternating(error))));
            }
            assertTrue(error.getStackTrace().length < 1200, () -> "" + error.getStackTrace().length);
        });
    }

    private static Coroutine<Void> alternating(IOException error) {
        return async(() -> {
            throw error;
        });
    }

    @Test
    void whatWasMadeWithoutATraceStaysSo() {
        inLoop(() -> {
            class Signal extends RuntimeException {
                private static final long serialVersionUID = 1L;

                @Override
                public synchronized Throwable fillInStackTrace() {
                    return this;
                }
            }
            var error = raised(Signal.class, createTask(outer(async(() -> {
                throw new Signal();
            }))));
            assertEquals(0, error.getStackTrace().length);
        });
    }

    @Test
    void anExceptionThatRefusesItsTraceComesOutAllTheSame() {
        inLoop(() -> {
            class Stubborn extends RuntimeException {
                private static final long serialVersionUID = 1L;

                @Override
                public StackTraceElement[] getStackTrace() {
                    throw new IllegalStateException("no trace for you");
                }
            }
            raised(Stubborn.class, createTask(outer(async(() -> {
                throw new Stubborn();
            }))));
        });
    }

    // ---- with Kotlin

    @Test
    void throughKotlinThatAwaitsAJavaTask() {
        inLoop(() -> {
            var error =
                    raised(IllegalArgumentException.class, createTask(outer(Suspending.awaiting(createTask(fails())))));
            assertEquals(List.of("fails", "inner", "outer", "invokeSuspend", "outer", "awaits"), first(6, error));
        });
    }

    @Test
    void throughKotlinThatAwaitsAJavaCoroutine() {
        inLoop(() -> {
            for (var awaitable : List.of(
                    outer(Suspending.awaiting(fails())),
                    outer(createTask(Suspending.awaiting(fails()))),
                    outer(createTask(Suspending.awaiting(Suspending.awaiting(fails())))))) {
                var error = raised(IllegalArgumentException.class, createTask(awaitable));
                var lines = lines(error);
                assertEquals(List.of("fails", "inner", "outer", "invokeSuspend"), lines.subList(0, 4));
                assertTrue(lines.contains("awaits"), lines::toString);
                assertEquals(1, lines.stream().filter("awaits"::equals).count(), lines::toString);
                assertEquals(1, lines.stream().filter("fails"::equals).count(), lines::toString);
            }
        });
    }

    @Test
    void ofASuspendFunctionThatFailsAfterItHasWaited() {
        inLoop(() -> {
            var failing = Suspending.calling(() -> {
                throw new IllegalArgumentException("boom");
            });
            var test = "ofASuspendFunctionThatFailsAfterItHasWaited";
            var error = raised(IllegalArgumentException.class, createTask(outer(Suspending.awaiting(failing))));
            assertEquals(
                    List.of(test, "calls", "invokeSuspend", "inner", "outer", "invokeSuspend", "outer", "awaits"),
                    first(8, error));
        });
    }

    @Test
    void ofASuspendFunctionThatIsATask() {
        inLoop(() -> {
            var failing = Suspending.calling(() -> {
                throw new IllegalArgumentException("boom");
            });
            var error = raised(
                    IllegalArgumentException.class,
                    createTask(Suspending.awaiting(createTask(Suspending.awaiting(failing)))));
            assertEquals(
                    List.of(
                            "ofASuspendFunctionThatIsATask",
                            "calls",
                            "invokeSuspend",
                            "inner",
                            "outer",
                            "invokeSuspend",
                            "inner",
                            "outer",
                            "invokeSuspend",
                            "awaits"),
                    first(10, error));
        });
    }
}
