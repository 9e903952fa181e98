package benchmarks.work;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.eagerTaskFactory;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.newEventLoop;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.timeout;
import static asyncio.Asyncio.with;
import static asyncio.vertx.AsyncioVertx.await;
import static asyncio.vertx.EventBusServices.serve;

import asyncio.Action;
import asyncio.Asyncio;
import asyncio.Coroutine;
import asyncio.EventLoop;
import asyncio.Lock;
import asyncio.Queue;
import asyncio.vertx.AsyncioVertx;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/** asyncio4j from Java; -Dasyncio.fiber chooses the kind of fiber. */
public class OursJava extends Work {
    private static final Action NOTHING = () -> {};
    private static final Duration LATER = Duration.ofSeconds(100);

    private EventLoop loop;

    @Setup
    public void open() {
        loop = newEventLoop();
    }

    @TearDown
    public void close() {
        loop.close();
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public void sleep0() {
        loop.runUntilComplete(async(() -> {
            for (int i = 0; i < ops; i++) {
                await(sleep(Duration.ZERO));
            }
        }));
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public int createAndAwait() {
        return loop.runUntilComplete(async(() -> {
            int sum = 0;
            for (int i = 0; i < ops; i++) {
                sum += await(createTask(value(i)));
            }
            return sum;
        }));
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public int gatherAtOnce() {
        return loop.runUntilComplete(async(() -> {
            int sum = 0;
            for (int i = 0; i < ops; i += GATHERED) {
                var coroutines = new ArrayList<Coroutine<Integer>>(GATHERED);
                for (int j = 0; j < GATHERED; j++) {
                    coroutines.add(value(j));
                }
                sum += await(gather(coroutines)).size();
            }
            return sum;
        }));
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public int gatherSleepers() {
        return loop.runUntilComplete(async(() -> {
            int sum = 0;
            for (int i = 0; i < ops; i += GATHERED) {
                var coroutines = new ArrayList<Coroutine<Integer>>(GATHERED);
                for (int j = 0; j < GATHERED; j++) {
                    coroutines.add(sleeper(j));
                }
                sum += await(gather(coroutines)).size();
            }
            return sum;
        }));
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public int callbackSetsFuture() {
        return loop.runUntilComplete(async(() -> {
            int sum = 0;
            for (int i = 0; i < ops; i++) {
                var future = loop.<Integer>createFuture();
                int value = i;
                loop.callSoon(() -> future.setResult(value));
                sum += await(future);
            }
            return sum;
        }));
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public void callSoonChain() {
        loop.runUntilComplete(async(() -> {
            var end = loop.<Void>createFuture();
            loop.callSoon(new Action() {
                private int left = ops;

                @Override
                public void run() {
                    if (--left == 0) {
                        end.setResult(null);
                    } else {
                        loop.callSoon(this);
                    }
                }
            });
            await(end);
        }));
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public void callLaterAndCancel() {
        loop.runUntilComplete(async(() -> {
            for (int i = 0; i < ops; i += TIMERS) {
                for (int j = 0; j < TIMERS; j++) {
                    loop.callLater(LATER, NOTHING).cancel();
                }
                await(sleep(Duration.ZERO));
            }
        }));
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public void taskGroup() {
        loop.runUntilComplete(async(() -> {
            for (int i = 0; i < ops; i += GATHERED) {
                with(Asyncio.taskGroup(), group -> {
                    for (int j = 0; j < GATHERED; j++) {
                        group.createTask(value(j));
                    }
                });
            }
        }));
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public int eagerGather() {
        loop.setTaskFactory(eagerTaskFactory());
        return gatherAtOnce();
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public int queuePingPong() {
        return loop.runUntilComplete(async(() -> {
            Queue<Integer> there = Queue.create();
            Queue<Integer> back = Queue.create();
            var echo = createTask(async(() -> {
                for (int i = 0; i < ops; i++) {
                    await(back.put(await(there.get())));
                }
            }));
            int sum = 0;
            for (int i = 0; i < ops; i++) {
                await(there.put(i));
                sum += await(back.get());
            }
            await(echo);
            return sum;
        }));
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public void uncontendedLock(Blackhole inside) {
        loop.runUntilComplete(async(() -> {
            var lock = Lock.create();
            for (int i = 0; i < ops; i++) {
                with(lock, () -> inside.consume(lock));
            }
        }));
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public void timeoutBlock(Blackhole inside) {
        loop.runUntilComplete(async(() -> {
            for (int i = 0; i < ops; i++) {
                with(timeout(LATER), timeout -> {
                    inside.consume(timeout);
                });
            }
        }));
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public int vertxDone(VertxLoop vertx) {
        return AsyncioVertx.run(vertx.vertx, () -> {
            var future = Future.succeededFuture(1);
            int sum = 0;
            for (int i = 0; i < ops; i++) {
                sum += await(future);
            }
            return sum;
        });
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public int vertxPending(VertxLoop vertx) {
        return AsyncioVertx.run(vertx.vertx, () -> {
            var context = Vertx.currentContext();
            int sum = 0;
            for (int i = 0; i < ops; i++) {
                var promise = Promise.<Integer>promise();
                context.runOnContext(v -> promise.complete(1));
                sum += await(promise.future());
            }
            return sum;
        });
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public int eventBus(VertxLoop vertx) {
        return AsyncioVertx.run(vertx.vertx, () -> {
            var bus = vertx.vertx.eventBus();
            createTask(serve(bus.<Integer>consumer("echo"), message -> message.body()));
            await(sleep(Duration.ZERO));
            int sum = 0;
            for (int i = 0; i < ops; i++) {
                sum += await(bus.<Integer>request("echo", i)).body();
            }
            return sum;
        });
    }

    private static Coroutine<Integer> value(int value) {
        return async(() -> value);
    }

    private static Coroutine<Integer> sleeper(int value) {
        return async(() -> {
            await(sleep(Duration.ZERO));
            return value;
        });
    }
}
