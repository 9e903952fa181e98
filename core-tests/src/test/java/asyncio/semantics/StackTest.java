package asyncio.semantics;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.asyncGenerator;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.each;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.Awaitable;
import asyncio.Coroutine;
import asyncio.Task;
import asyncio.TaskOptions;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The stack of a task: all of its own code, and nothing else. */
class StackTest extends OnLoop {

    /** The methods of a stack, lambdas by the method that they stand in. */
    static List<String> methods(List<StackTraceElement> stack) {
        return stack.stream()
                .map(frame -> frame.getMethodName().replaceAll("lambda\\$(\\w+)\\$\\d+", "$1"))
                .toList();
    }

    private static <T> T leaf(Awaitable<T> awaitable) {
        return await(awaitable);
    }

    private static <T> Coroutine<T> branch(Awaitable<T> awaitable) {
        return async(() -> leaf(awaitable));
    }

    private static <T> Coroutine<T> trunk(Awaitable<T> awaitable) {
        return async(() -> await(branch(awaitable)));
    }

    private static String printed(Task<?> task) {
        var bytes = new ByteArrayOutputStream();
        task.printStack(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void ofASuspendedTaskAllFrames() {
        inLoop(() -> {
            var future = getRunningLoop().<Integer>createFuture();
            var task = createTask(trunk(future));
            assertEquals(List.of(), task.getStack(), "has not started");
            await(sleep(ZERO));
            assertEquals(List.of("leaf", "branch", "trunk"), methods(task.getStack()));
            assertTrue(task.getStack().stream().allMatch(f -> f.getClassName().equals(StackTest.class.getName())));
            assertTrue(task.getStack().stream().allMatch(f -> f.getLineNumber() > 0));
            future.setResult(7);
            assertEquals(7, await(task), "looking does not disturb");
            assertEquals(List.of(), task.getStack(), "has ended");
        });
    }

    @Test
    void asleepAndYielding() {
        inLoop(() -> {
            var asleep = createTask(branch(sleep(ofSeconds(1000))));
            var yielding = createTask(branch(sleep(ZERO)));
            await(sleep(ZERO));
            assertEquals(List.of("leaf", "branch"), methods(asleep.getStack()));
            assertEquals(List.of("leaf", "branch"), methods(yielding.getStack()));
            await(yielding);
            asleep.cancel();
        });
    }

    @Test
    void theLimitKeepsTheInnermostFrames() {
        inLoop(() -> {
            var future = getRunningLoop().<Integer>createFuture();
            var task = createTask(trunk(future));
            await(sleep(ZERO));
            assertEquals(List.of("leaf", "branch"), methods(task.getStack(2)));
            assertEquals(List.of(), task.getStack(0));
            assertThrows(IllegalArgumentException.class, () -> task.getStack(-1));
            future.setResult(1);
        });
    }

    @Test
    void ofATaskThatFailedTheStackOfItsException() {
        inLoop(() -> {
            var error = new ArrayList<Exception>();
            Coroutine<Void> failing = async(() -> {
                error.add(new IllegalArgumentException("no"));
                throw error.get(0);
            });
            var task = createTask(async(() -> await(failing)));
            await(asyncio.Asyncio.wait(List.of(task)));
            assertEquals(
                    "ofATaskThatFailedTheStackOfItsException",
                    methods(task.getStack()).get(0));
            assertEquals(
                    error.get(0).getStackTrace()[0].getLineNumber(),
                    task.getStack().get(0).getLineNumber());
            var all = task.getStack();
            assertEquals(all.subList(1, all.size()), task.getStack(all.size() - 1), "the limit keeps the outermost");
            var text = printed(task);
            assertTrue(text.startsWith("Traceback of " + task + ": " + error.get(0)), text);
            assertSame(error.get(0), task.exception());
        });
    }

    @Test
    void lookingAtTheStackIsNotRetrievingTheException() {
        inLoopWithReports(() -> {
            var task = createTask(async(() -> {
                throw new IllegalArgumentException();
            }));
            iterations(3);
            assertFalse(task.getStack().isEmpty());
        });
        assertEquals(1, reports.size());
    }

    @Test
    void ofACancelledTaskNothing() {
        inLoop(() -> {
            var task = createTask(trunk(sleep(ofSeconds(1000))));
            await(sleep(ZERO));
            task.cancel();
            cancelledBy(task);
            assertEquals(List.of(), task.getStack());
            assertEquals("No stack of " + task, printed(task).strip());
        });
    }

    @Test
    void ofTheTaskThatAsks() {
        inLoop(() -> {
            var task = createTask(async(
                    () -> log.addAll(methods(askedIn(async(() -> currentTask().getStack()))))));
            await(task);
            assertEquals(
                    2,
                    log.stream()
                            .filter(name -> name.equals("ofTheTaskThatAsks"))
                            .count(),
                    log::toString);
            assertEquals(1, log.stream().filter(name -> name.equals("askedIn")).count(), log::toString);
        });
    }

    private static <T> T askedIn(Coroutine<T> coroutine) {
        return await(coroutine);
    }

    @Test
    void ofATaskThatWaitsForTheEagerStartOfAnother() {
        inLoop(() -> {
            var me = currentTask();
            createTask(async(() -> log.addAll(methods(me.getStack()))), TaskOptions.eager());
            assertTrue(log.contains("ofATaskThatWaitsForTheEagerStartOfAnother"), log::toString);
        });
    }

    @Test
    void printed() {
        inLoop(() -> {
            var future = getRunningLoop().<Integer>createFuture();
            var task = createTask(trunk(future), "tree");
            await(sleep(ZERO));
            var lines = printed(task).lines().toList();
            assertEquals("Stack of " + task + "", lines.get(0));
            assertEquals(4, lines.size());
            assertEquals("\tat " + task.getStack().get(0), lines.get(1));
            future.setResult(0);
        });
    }

    @Test
    void askedFromAnotherThread() {
        inLoop(() -> {
            var task = createTask(trunk(sleep(ofSeconds(1000))));
            await(sleep(ZERO));
            assertEquals(
                    List.of("leaf", "branch", "trunk"),
                    methods(await(asyncio.Asyncio.toThread(() -> task.getStack()))));
            task.cancel();
        });
    }

    // ---- with Kotlin

    @Test
    void ofASuspendFunction() {
        inLoop(() -> {
            var future = getRunningLoop().<Integer>createFuture();
            var task = createTask(Suspending.awaiting(future));
            await(sleep(ZERO));
            assertEquals(List.of("inner", "outer", "invokeSuspend"), methods(task.getStack()));
            future.setResult(7);
            assertEquals(7, await(task));
        });
    }

    @Test
    void ofJavaThatAwaitsKotlinThatAwaitsJava() {
        inLoop(() -> {
            var future = getRunningLoop().<Integer>createFuture();
            var task = createTask(trunk(Suspending.awaiting(branch(future))));
            for (int i = 0; i < 2; i++) {
                await(sleep(ZERO));
                assertEquals(
                        List.of("leaf", "branch", "inner", "outer", "invokeSuspend", "leaf", "branch", "trunk"),
                        methods(task.getStack()));
            }
            future.setResult(7);
            assertEquals(7, await(task));
        });
    }

    @Test
    void ofKotlinThatAwaitsJavaThatAwaitsKotlin() {
        inLoop(() -> {
            var future = getRunningLoop().<Integer>createFuture();
            var task = createTask(Suspending.awaiting(branch(Suspending.awaiting(future))));
            await(sleep(ZERO));
            assertEquals(
                    List.of("inner", "outer", "invokeSuspend", "leaf", "branch", "inner", "outer", "invokeSuspend"),
                    methods(task.getStack()));
            future.setResult(7);
            assertEquals(7, await(task));
        });
    }

    @Test
    void ofJavaThatRunsInsideOfKotlin() {
        inLoop(() -> {
            Coroutine<Void> asking = async(() -> {
                log.addAll(methods(currentTask().getStack()));
            });
            await(createTask(Suspending.awaiting(asking)));
            assertEquals(List.of("ofJavaThatRunsInsideOfKotlin", "inner", "outer", "invokeSuspend"), log);
            log.clear();
            Coroutine<Void> askingLater = async(() -> {
                await(sleep(ZERO));
                log.addAll(methods(currentTask().getStack()));
            });
            await(createTask(Suspending.awaiting(askingLater)));
            assertEquals(List.of("ofJavaThatRunsInsideOfKotlin", "inner", "outer", "invokeSuspend"), log);
        });
    }

    @Test
    void ofTheSuspendFunctionThatAsks() {
        inLoop(() -> {
            var asking =
                    Suspending.calling(() -> log.addAll(methods(currentTask().getStack())));
            await(createTask(Suspending.awaiting(asking)));
            assertEquals(
                    List.of(
                            "ofTheSuspendFunctionThatAsks",
                            "calls",
                            "invokeSuspend",
                            "inner",
                            "outer",
                            "invokeSuspend"),
                    log);
        });
    }

    @Test
    void ofWhatKotlinxWillResume() {
        inLoop(() -> {
            var task = createTask(Suspending.awaiting(Suspending.delaying()));
            until(() -> !methods(task.getStack()).isEmpty());
            for (int i = 0; i < 2; i++) {
                assertEquals(
                        List.of("delays", "invokeSuspend", "inner", "outer", "invokeSuspend"),
                        methods(task.getStack()));
                await(sleep(java.time.Duration.ofMillis(5)));
            }
            task.cancel();
        });
    }

    @Test
    void ofAnAsyncGenerator() {
        inLoop(() -> {
            var future = getRunningLoop().<Integer>createFuture();
            var task = createTask(async(() -> {
                for (var item : each(generator(future))) {
                    log.add(item);
                }
            }));
            iterations(2);
            assertEquals(List.of("leaf", "generator"), methods(task.getStack()).subList(0, 2));
            assertTrue(methods(task.getStack()).contains("ofAnAsyncGenerator"), task.getStack()::toString);
            future.setResult(7);
            await(task);
            assertEquals(List.of(7, 8), log);
        });
    }

    private static asyncio.AsyncGenerator<Integer> generator(Awaitable<Integer> awaitable) {
        return asyncGenerator(out -> {
            out.yield(leaf(awaitable));
            out.yield(8);
        });
    }
}
