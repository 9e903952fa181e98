package asyncio.semantics;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.newEventLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.runCoroutineThreadsafe;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.toThread;
import static asyncio.Asyncio.wrapFuture;
import static java.time.Duration.ZERO;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.Future;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** Bodies are plain Java: await from wherever Java code is called, and results of Java's own asynchronous code. */
class PlainJavaTest extends OnLoop {

    @Test
    void awaitInsideStreamsAndOtherCodeOfTheJdk() {
        inLoop(() -> {
            getRunningLoop().callSoon(() -> log.add("callback"));
            var numbers = IntStream.range(0, 5)
                    .map(n -> await(later(1, n * n)))
                    .boxed()
                    .toList();
            assertEquals(List.of(0, 1, 4, 9, 16), numbers);
            assertEquals(
                    "value", new HashMap<String, String>().computeIfAbsent("key", key -> await(later(1, "value"))));
            assertEquals(
                    List.of(1, 2, 3),
                    List.of(3, 1, 2).stream()
                            .sorted((a, b) -> await(later(1, Integer.compare(a, b))))
                            .toList());
            assertEquals(List.of("callback"), log);
        });
    }

    @Test
    void awaitInAMethodThatIsCalledByReflection() {
        inLoop(() -> {
            var method = PlainJavaTest.class.getDeclaredMethod("awaiting");
            for (int i = 0; i < 30; i++) {
                assertEquals("awaited", method.invoke(null));
            }
        });
    }

    static String awaiting() {
        return await(later(2, "awaited"));
    }

    @Test
    void awaitInTryWithResources() {
        inLoop(() -> {
            try (AutoCloseable resource = () -> {
                await(sleep(ZERO));
                log.add("closed");
            }) {
                await(sleep(ZERO));
                log.add("used");
            }
            assertEquals(List.of("used", "closed"), log);
        });
    }

    // ---- stages

    @Test
    void aStageThatIsThereAlreadyIsAwaitedWithoutSuspending() {
        inLoop(() -> {
            var ticker = Ticker.start();
            assertEquals(0, ticker.during(wrapFuture(CompletableFuture.completedFuture(1))));
            ticker.stop();
            assertEquals("value", await(CompletableFuture.completedFuture("value")));
        });
    }

    @Test
    void aStageIsCompletedByAnotherThread() {
        inLoop(() -> {
            var stage = CompletableFuture.supplyAsync(() -> "value");
            assertEquals("value!", await(stage.thenApply(value -> value + "!")));
            var failed = CompletableFuture.supplyAsync(() -> {
                throw new IllegalArgumentException("boom");
            });
            assertEquals(
                    "boom",
                    assertThrows(IllegalArgumentException.class, () -> await(failed))
                            .getMessage());
        });
    }

    @Test
    void aFutureAsACompletableFutureForOtherThreads() {
        inLoop(() -> {
            var loop = getRunningLoop();
            Future<String> future = loop.createFuture();
            var got = createTask(toThread(() -> future.toCompletableFuture().get(60, SECONDS)));
            await(sleep(java.time.Duration.ofMillis(2)));
            future.setResult("value");
            assertEquals("value", await(got));

            Future<String> failing = loop.createFuture();
            var twin = failing.toCompletableFuture();
            var error = new IllegalArgumentException("boom");
            failing.setException(error);
            assertSame(error, assertThrows(IllegalArgumentException.class, () -> await(twin)));
        });
    }

    @Test
    void theExecutorOfTheCallerRunsTheJob() throws Exception {
        var executor = Executors.newSingleThreadExecutor(body -> new Thread(body, "the caller's"));
        inLoop(() -> {
            var loop = getRunningLoop();
            assertEquals(
                    "the caller's",
                    await(loop.runInExecutor(
                            executor, () -> Thread.currentThread().getName())));
        });
        executor.shutdown();
        assertTrue(executor.awaitTermination(60, SECONDS));
    }

    @Test
    void theDefaultExecutorRunsJobsSideBySideOnThreadsOfItsOwn() {
        inLoop(() -> {
            var both = new CountDownLatch(2);
            await(gather(
                    toThread(() -> {
                        both.countDown();
                        assertTrue(both.await(60, SECONDS));
                        assertTrue(Thread.currentThread().getName().startsWith("asyncio-"));
                    }),
                    toThread(() -> {
                        both.countDown();
                        assertTrue(both.await(60, SECONDS));
                    })));
        });
    }

    // ---- loops in loops' threads

    @Test
    void aJobMayRunALoopOfItsOwn() {
        inLoop(() -> {
            var outer = getRunningLoop();
            assertEquals(
                    "inner",
                    await(toThread(() -> run(() -> {
                        assertFalse(getRunningLoop() == outer);
                        return await(createTask(later(3, "inner")));
                    }))));
            assertSame(outer, getRunningLoop());
        });
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void runMayBeCalledFromAVirtualThread() throws Exception {
        var result = new CompletableFuture<String>();
        Runnable body = () -> {
            try {
                result.complete(run(() -> await(createTask(later(3, "value")))));
            } catch (Throwable error) {
                result.completeExceptionally(error);
            }
        };
        Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, body);
        assertEquals("value", result.get(60, SECONDS));
    }

    @Test
    void manyLoopsSideBySide() throws Exception {
        var results = IntStream.range(0, 40)
                .mapToObj(n -> {
                    var result = new CompletableFuture<Integer>();
                    new Thread(() -> {
                                try {
                                    result.complete(run(() -> {
                                        var loop = getRunningLoop();
                                        for (int i = 0; i < 50; i++) {
                                            await(i % 10 == 0 ? sleep(java.time.Duration.ofMillis(1)) : sleep(ZERO));
                                            assertSame(loop, getRunningLoop());
                                        }
                                        return n;
                                    }));
                                } catch (Throwable error) {
                                    result.completeExceptionally(error);
                                }
                            })
                            .start();
                    return result;
                })
                .toList();
        for (int n = 0; n < results.size(); n++) {
            assertEquals(n, results.get(n).get(60, SECONDS));
        }
    }

    @Test
    void loopsThatAwaitEachOther() throws Exception {
        var other = newEventLoop();
        var thread = new Thread(other::runForever);
        thread.start();
        inLoop(() -> {
            var here = getRunningLoop();
            for (int i = 0; i < 20; i++) {
                int n = i;
                assertEquals(
                        n + 2,
                        await(runCoroutineThreadsafe(
                                async(() -> 1 + await(runCoroutineThreadsafe(later(1, n + 1), here))), other)));
            }
        });
        other.callSoonThreadsafe(other::stop);
        thread.join();
        other.close();
    }
}
