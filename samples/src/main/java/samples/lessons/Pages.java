package samples.lessons;

import static asyncio.Asyncio.*;

import asyncio.Asyncio;
import asyncio.Coroutine;
import asyncio.Future;
import asyncio.http.ClientSession;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import samples.LocalServer;

/** The same page five times, three ways. Code that blocks needs a thread for each page, or time for each. */
final class Pages {
    private static final int TIMES = 5;
    private static final int DELAY_MILLIS = 200;

    private Pages() {}

    private static Coroutine<String> get(ClientSession session, String url) {
        return async(() -> {
            try (var response = await(session.get(url))) {
                return await(response.text());
            }
        });
    }

    static Coroutine<Integer> withTheClient(List<String> urls) {
        return async(() -> {
            int size = 0;
            try (var session = ClientSession.create()) {
                var tasks =
                        urls.stream().map(url -> createTask(get(session, url))).toList();
                for (var next : asCompleted(tasks)) {
                    size += await(next).length();
                }
            }
            return size;
        });
    }

    static Coroutine<Integer> inThreads(List<String> urls) {
        return async(() -> {
            var threads = Executors.newFixedThreadPool(urls.size());
            try {
                var loop = getRunningLoop();
                var jobs = new ArrayList<Future<byte[]>>();
                for (var url : urls) {
                    jobs.add(loop.runInExecutor(threads, () -> Crawler.load(url)));
                }
                int size = 0;
                for (var done : await(Asyncio.wait(jobs)).done()) {
                    size += done.result().length;
                }
                return size;
            } finally {
                threads.shutdown();
            }
        });
    }

    static int oneByOne(List<String> urls) throws IOException {
        int size = 0;
        for (var url : urls) {
            size += Crawler.load(url).length;
        }
        return size;
    }

    private interface Way {
        int size() throws IOException;
    }

    private static void time(String name, Way way) throws IOException {
        long begun = System.nanoTime();
        int size = way.size();
        double seconds = (System.nanoTime() - begun) / 1e9;
        System.out.printf(Locale.ROOT, "%06.3f %s, %d bytes%n", seconds, name, size);
    }

    private static void answerLate(HttpServerRequest request) {
        Vertx.currentContext()
                .owner()
                .setTimer(DELAY_MILLIS, fired -> request.response().end("hello".repeat(100)));
    }

    static void main() throws IOException {
        try (var server = LocalServer.start(Pages::answerLate)) {
            var urls = Collections.nCopies(TIMES, server.url("/"));
            // The first request of a JVM loads classes, which is not what is compared.
            run(withTheClient(urls.subList(0, 1)));
            time("async + nonblocking", () -> run(withTheClient(urls)));
            time("async + blocking + threads", () -> run(inThreads(urls)));
            time("sync + blocking", () -> oneByOne(urls));
        }
    }
}
