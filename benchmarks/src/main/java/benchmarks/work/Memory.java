package benchmarks.work;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;

import asyncio.Future;
import asyncio.Task;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/**
 * Prints how many bytes of heap one suspended task takes: {@code Memory PEER TASKS}. All tasks wait for one future; the
 * heap is measured before and after they were made, without garbage. What the first tasks cost once, such as loaded
 * classes, does not count.
 */
public final class Memory {
    private Memory() {}

    public static void main(String[] args) throws Exception {
        int tasks = Integer.parseInt(args[1]);
        for (int n : new int[] {tasks / 10, tasks}) {
            double bytes = (double) of(args[0], n) / n;
            System.out.println("result " + bytes);
        }
        System.exit(0);
    }

    private static long of(String peer, int tasks) throws Exception {
        return switch (peer) {
            case "java" -> ours(tasks, future -> createTask(async(() -> await(future))));
            case "kotlin" -> ours(tasks, future -> createTask(OursKotlinWork.waiter(future)));
            case "kotlinx" -> kotlinx(tasks);
            case "vertx-await" -> vertxAwait(tasks);
            case "bare" -> bareVirtualThreads(tasks);
            default -> throw new IllegalArgumentException(peer);
        };
    }

    private static long ours(int n, Function<Future<Integer>, Task<Integer>> waiter) {
        return run(() -> {
            var tasks = new Task<?>[n];
            var future = getRunningLoop().<Integer>createFuture();
            long before = Heap.used();
            for (int i = 0; i < n; i++) {
                tasks[i] = waiter.apply(future);
            }
            await(sleep(Duration.ofMillis(1)));
            long after = Heap.used();
            future.setResult(1);
            for (var task : tasks) {
                await(task);
            }
            return after - before;
        });
    }

    private static long kotlinx(int n) throws Exception {
        var loop = new VertxLoop();
        loop.open();
        return KotlinxWork.memory(loop.context(ThreadingModel.EVENT_LOOP), n);
    }

    private static long vertxAwait(int n) throws Exception {
        var loop = new VertxLoop();
        loop.open();
        var context = loop.context(ThreadingModel.VIRTUAL_THREAD);
        var promise = Promise.<Integer>promise();
        var started = new CountDownLatch(n);
        var ended = new CountDownLatch(n);
        long before = Heap.used();
        for (int i = 0; i < n; i++) {
            context.runOnContext(v -> {
                started.countDown();
                promise.future().await();
                ended.countDown();
            });
        }
        started.await();
        Thread.sleep(200);
        long after = Heap.used();
        promise.complete(1);
        ended.await();
        return after - before;
    }

    private static long bareVirtualThreads(int n) {
        var carrier = new Carrier();
        var threads = carrier.threads();
        long before = Heap.used();
        for (int i = 0; i < n; i++) {
            threads.newThread(Thread::yield).start();
        }
        carrier.runOnce();
        long after = Heap.used();
        carrier.run();
        return after - before;
    }
}
