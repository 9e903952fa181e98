package asyncio.semantics;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.using;
import static asyncio.Asyncio.with;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.AsyncContextManager;
import asyncio.AsyncExitStack;
import asyncio.Awaitable;
import asyncio.Lock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The stack of what is to be left. What it does with errors was looked up by running contextlib's. */
class AsyncExitStackTest extends OnLoop {

    /** Notes what it is left with; swallows errors of the given kind. */
    private AsyncContextManager<String> manager(String name, Class<?> swallows) {
        return new AsyncContextManager<>() {
            @Override
            public Awaitable<String> aenter() {
                return later(1, name);
            }

            @Override
            public Awaitable<Boolean> aexit(Throwable error) {
                return async(() -> {
                    await(sleep(ZERO));
                    log.add(name + " left with " + (error == null ? null : error.getMessage()));
                    return swallows.isInstance(error);
                });
            }
        };
    }

    private AsyncContextManager<String> manager(String name) {
        return manager(name, Void.class);
    }

    /** Raises another error whatever it gets. */
    private AsyncExitStack.Exit raising(RuntimeException error) {
        return received -> async(() -> {
            log.add("got " + (received == null ? null : received.getMessage()));
            throw error;
        });
    }

    @Test
    void theLatestIsLeftFirst() {
        inLoop(() -> {
            var result = using(AsyncExitStack.create(), stack -> {
                assertEquals("a", await(stack.enterAsyncContext(manager("a"))));
                stack.callback(() -> log.add("callback"));
                stack.pushAsyncCallback(() -> async(() -> log.add("async callback")));
                assertEquals("b", await(stack.enterAsyncContext(manager("b"))));
                AutoCloseable resource = () -> log.add("closed");
                assertSame(resource, stack.enterContext(resource));
                stack.pushAsyncExit(manager("c"));
                stack.pushAsyncExit(error -> async(() -> {
                    log.add("exit with " + error);
                    return true;
                }));
                return "result";
            });
            assertEquals("result", result);
        });
        assertEquals(
                List.of(
                        "exit with null",
                        "c left with null",
                        "closed",
                        "b left with null",
                        "async callback",
                        "callback",
                        "a left with null"),
                log);
    }

    @Test
    void anErrorGoesThroughAllOfThem() {
        inLoop(() -> {
            var error = new IllegalArgumentException("it");
            assertSame(
                    error,
                    assertThrows(
                            IllegalArgumentException.class,
                            () -> with(AsyncExitStack.create(), stack -> {
                                await(stack.enterAsyncContext(manager("a")));
                                await(stack.enterAsyncContext(manager("b")));
                                if (log.isEmpty()) {
                                    throw error;
                                }
                            })));
            assertEquals(List.of("b left with it", "a left with it"), log);
            assertEquals(0, error.getSuppressed().length);
        });
    }

    @Test
    void oneOfThemSwallowsIt() {
        inLoop(() -> {
            assertNull(using(AsyncExitStack.create(), stack -> {
                await(stack.enterAsyncContext(manager("a")));
                await(stack.enterAsyncContext(manager("b", IllegalArgumentException.class)));
                await(stack.enterAsyncContext(manager("c")));
                if (log.isEmpty()) {
                    throw new IllegalArgumentException("it");
                }
                return 1;
            }));
            assertEquals(List.of("c left with it", "b left with it", "a left with null"), log);
        });
    }

    @Test
    void oneOfThemReplacesIt() {
        inLoop(() -> {
            var first = new IllegalArgumentException("first");
            var second = new IllegalStateException("second");
            assertSame(
                    second,
                    assertThrows(
                            IllegalStateException.class,
                            () -> with(AsyncExitStack.create(), stack -> {
                                await(stack.enterAsyncContext(manager("a")));
                                stack.pushAsyncExit(raising(second));
                                if (log.isEmpty()) {
                                    throw first;
                                }
                            })));
            assertEquals(List.of("got first", "a left with second"), log);
            assertEquals(List.of(first), Arrays.asList(second.getSuppressed()));
        });
    }

    @Test
    void anErrorOfAnExitIsSwallowedByTheNext() {
        inLoop(() -> {
            with(AsyncExitStack.create(), stack -> {
                stack.pushAsyncExit(manager("a"));
                stack.pushAsyncExit(manager("b", IllegalStateException.class));
                stack.pushAsyncExit(raising(new IllegalStateException("of an exit")));
            });
            assertEquals(List.of("got null", "b left with of an exit", "a left with null"), log);
        });
    }

    @Test
    void whatACallbackRaisesIsAnError() {
        inLoop(() -> {
            var stack = AsyncExitStack.create();
            stack.pushAsyncExit(manager("a"));
            stack.callback(() -> {
                throw new java.io.IOException("no");
            });
            assertThrows(java.io.IOException.class, () -> await(stack.aclose()));
            assertEquals(List.of("a left with no"), log);
        });
    }

    @Test
    void aManagerThatCannotBeEnteredIsNotLeft() {
        inLoop(() -> {
            var stack = AsyncExitStack.create();
            AsyncContextManager<Void> broken = new AsyncContextManager<>() {
                @Override
                public Awaitable<Void> aenter() {
                    return async(() -> {
                        throw new IllegalArgumentException();
                    });
                }

                @Override
                public Awaitable<Boolean> aexit(Throwable error) {
                    throw new AssertionError();
                }
            };
            assertThrows(IllegalArgumentException.class, () -> await(stack.enterAsyncContext(broken)));
            await(stack.aclose());
        });
    }

    @Test
    void popAllMovesThem() {
        inLoop(() -> {
            var moved = new ArrayList<AsyncExitStack>();
            with(AsyncExitStack.create(), stack -> {
                await(stack.enterAsyncContext(manager("a")));
                await(stack.enterAsyncContext(manager("b")));
                moved.add(stack.popAll());
                stack.callback(() -> log.add("of the old one"));
            });
            assertEquals(List.of("of the old one"), log);
            await(moved.get(0).aclose());
            assertEquals(List.of("of the old one", "b left with null", "a left with null"), log);
            await(moved.get(0).aclose());
            assertEquals(3, log.size());
        });
    }

    @Test
    void whatIsPushedWhileItIsLeftIsLeftToo() {
        inLoop(() -> {
            var stack = AsyncExitStack.create();
            stack.callback(() -> stack.callback(() -> log.add("pushed late")));
            await(stack.aclose());
            assertEquals(List.of("pushed late"), log);
        });
    }

    @Test
    void aCancellationIsAnErrorLikeAnyOther() {
        inLoop(() -> {
            var lock = Lock.create();
            var task = createTask(async(() -> with(AsyncExitStack.create(), stack -> {
                await(stack.enterAsyncContext(lock));
                stack.pushAsyncExit(manager("a"));
                await(sleep(ofSeconds(100)));
            })));
            iterations(2);
            assertTrue(lock.locked());
            task.cancel("it");
            cancelledBy(task);
            assertEquals(List.of("a left with it"), log);
            assertFalse(lock.locked());
        });
    }

    @Test
    void callbacksMayAwait() {
        inLoop(() -> {
            var stack = AsyncExitStack.create();
            stack.callback(() -> iterations(3));
            stack.enterContext(() -> iterations(2));
            await(createTask(stack.aclose()));
        });
    }
}
