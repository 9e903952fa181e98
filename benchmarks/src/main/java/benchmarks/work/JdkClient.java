package benchmarks.work;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.TearDown;

/** The JDK's HttpClient, called from virtual threads. */
public class JdkClient extends Work {
    private final ExecutorService threads = virtualThreads();
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .executor(threads)
            .build();
    private final HttpRequest request =
            HttpRequest.newBuilder(URI.create(url())).build();

    @TearDown
    public void close() {
        threads.shutdown();
    }

    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public long http1() throws Exception {
        return threads.submit(get(REQUESTS)).get();
    }

    @Benchmark
    @OperationsPerInvocation(CONCURRENT_REQUESTS)
    public long http64() throws Exception {
        var clients = Stream.generate(() -> get(CONCURRENT_REQUESTS / CLIENTS))
                .limit(CLIENTS)
                .toList();
        long bytes = 0;
        for (Future<Long> future : threads.invokeAll(clients)) {
            bytes += future.get();
        }
        return bytes;
    }

    private Callable<Long> get(int requests) {
        return () -> {
            long bytes = 0;
            for (int i = 0; i < requests; i++) {
                bytes += client.send(request, BodyHandlers.ofByteArray()).body().length;
            }
            return bytes;
        };
    }

    /** Executors.newVirtualThreadPerTaskExecutor(), from code that JDK 17 loads too. */
    private static ExecutorService virtualThreads() {
        try {
            return (ExecutorService) MethodHandles.publicLookup()
                    .findStatic(
                            Executors.class,
                            "newVirtualThreadPerTaskExecutor",
                            MethodType.methodType(ExecutorService.class))
                    .invoke();
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
