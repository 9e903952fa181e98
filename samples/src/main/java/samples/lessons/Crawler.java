package samples.lessons;

import static asyncio.Asyncio.*;

import asyncio.Coroutine;
import asyncio.Future;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Executors;
import samples.LocalServer;

/** Pages by code that blocks, in a pool of threads; each is told as soon as it is there, or has failed. */
final class Crawler {
    private Crawler() {}

    static byte[] load(String url) throws IOException {
        var connection = URI.create(url).toURL().openConnection();
        connection.setConnectTimeout(10_000);
        connection.setReadTimeout(10_000);
        try (var in = connection.getInputStream()) {
            return in.readAllBytes();
        }
    }

    static Coroutine<Void> lesson(List<String> urls) {
        return async(() -> {
            var threads = Executors.newFixedThreadPool(5);
            try {
                var urlOf = new LinkedHashMap<Future<byte[]>, String>();
                for (var url : urls) {
                    urlOf.put(getRunningLoop().runInExecutor(threads, () -> load(url)), url);
                }
                for (var done : each(asCompleted(urlOf.keySet()))) {
                    try {
                        System.out.println(urlOf.get(done) + " page is " + done.result().length + " bytes");
                    } catch (Exception e) {
                        System.out.println(urlOf.get(done) + " generated an exception: " + e);
                    }
                }
            } finally {
                threads.shutdown();
            }
        });
    }

    static void main() {
        try (var server = LocalServer.start(request -> request.response().end("hello".repeat(100)))) {
            var base = server.url("");
            run(lesson(List.of(base + "/a", base + "/b", "http://nowhere.invalid/")));
        }
    }
}
