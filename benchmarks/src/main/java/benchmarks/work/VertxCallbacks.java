package benchmarks.work;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.ThreadingModel;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;

/** Vert.x as it is written without coroutines. */
public class VertxCallbacks extends Work {
    private static final Handler<Long> NOTHING = id -> {};

    private Context context;

    @Setup
    public void open(VertxLoop loop) throws Exception {
        context = loop.context(ThreadingModel.EVENT_LOOP);
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public void callSoonChain() throws InterruptedException {
        VertxLoop.runAndWait(
                context,
                1,
                end -> context.runOnContext(new Handler<>() {
                    private int left = ops;

                    @Override
                    public void handle(Void nothing) {
                        if (--left == 0) {
                            end.countDown();
                        } else {
                            context.runOnContext(this);
                        }
                    }
                }));
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public void callLaterAndCancel() throws InterruptedException {
        VertxLoop.runAndWait(
                context,
                1,
                end -> context.runOnContext(new Handler<>() {
                    private int left = ops;

                    @Override
                    public void handle(Void nothing) {
                        var vertx = context.owner();
                        for (int i = 0; i < TIMERS; i++) {
                            vertx.cancelTimer(vertx.setTimer(100_000, NOTHING));
                        }
                        left -= TIMERS;
                        if (left <= 0) {
                            end.countDown();
                        } else {
                            context.runOnContext(this);
                        }
                    }
                }));
    }

    @Benchmark
    @OperationsPerInvocation(OPS)
    public void eventBus() throws InterruptedException {
        VertxLoop.runAndWait(context, 1, end -> {
            var bus = context.owner().eventBus();
            var consumer = bus.<Integer>consumer("echo", message -> message.reply(message.body()));
            new Object() {
                private int left = ops;

                void next() {
                    bus.<Integer>request("echo", left).onComplete(reply -> {
                        if (--left == 0) {
                            consumer.unregister().onComplete(done -> end.countDown());
                        } else {
                            next();
                        }
                    });
                }
            }.next();
        });
    }
}
