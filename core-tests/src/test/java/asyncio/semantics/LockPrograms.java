package asyncio.semantics;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Programs for {@link LockTest}, in which a task holds a monitor or a lock over an await; they end with the first
 * report.
 */
final class LockPrograms {
    private static final Object MONITOR = new Object();
    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final ConcurrentHashMap<String, String> MAP = new ConcurrentHashMap<>();

    private LockPrograms() {}

    private static String load() {
        await(sleep(ofMillis(1)));
        return "loaded";
    }

    private static String holdMonitor() {
        synchronized (MONITOR) {
            return load();
        }
    }

    private static String wantMonitor() {
        synchronized (MONITOR) {
            return "";
        }
    }

    private static String holdAndWantLock() {
        LOCK.lock();
        try {
            return load();
        } finally {
            LOCK.unlock();
        }
    }

    private static String holdAndWantEntry() {
        return MAP.computeIfAbsent("key", key -> load());
    }

    private static String hold(String what) {
        return switch (what) {
            case "monitor" -> holdMonitor();
            case "lock" -> holdAndWantLock();
            default -> holdAndWantEntry();
        };
    }

    private static String want(String what) {
        return what.equals("monitor") ? wantMonitor() : hold(what);
    }

    private static void inTask(String what) {
        run(() -> {
            createTask(async(() -> hold(what)), "holder");
            await(createTask(async(() -> want(what)), "waiter"));
        });
    }

    private static void inThread() {
        var held = new CountDownLatch(1);
        var thread = new Thread(
                () -> {
                    synchronized (MONITOR) {
                        held.countDown();
                        Thread.yield();
                        while (true) {
                            Thread.onSpinWait();
                        }
                    }
                },
                "greedy");
        thread.setDaemon(true);
        thread.start();
        run(() -> {
            while (held.getCount() > 0) {
                await(sleep(ZERO));
            }
            await(createTask(async(LockPrograms::wantMonitor), "waiter"));
        });
    }

    public static void main(String[] args) {
        var logger = Logger.getLogger("asyncio");
        logger.setUseParentHandlers(false);
        logger.addHandler(new Handler() {
            @Override
            public void publish(LogRecord record) {
                if (record.getMessage().contains("has been blocked")) {
                    System.out.println(record.getMessage());
                    Runtime.getRuntime().halt(0);
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        });
        if (args[0].equals("thread")) {
            inThread();
        } else {
            inTask(args[0]);
        }
    }
}
