package benchmarks.http;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The JDK's HttpClient, called from virtual threads. */
public class JdkClient extends HttpWork {
    private final ExecutorService threads = virtualThreads();
    private HttpClient client;
    private HttpRequest request;

    @Override
    protected void open() {
        client = HttpClient.newBuilder()
                .version(errand.http2() ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1)
                .sslContext(TrustAll.context())
                .executor(threads)
                .build();
        request = HttpRequest.newBuilder(URI.create(errand.url()))
                .method(errand.method, body(errand.body))
                .build();
    }

    @Override
    protected void close() {
        threads.shutdown();
    }

    @Override
    protected void run(int clients, int requestsOfEach) throws Exception {
        Callable<Void> client = () -> {
            for (int i = 0; i < requestsOfEach; i++) {
                go();
            }
            return null;
        };
        for (Future<Void> future : threads.invokeAll(Collections.nCopies(clients, client))) {
            future.get();
        }
    }

    private void go() throws IOException, InterruptedException {
        var answer = client.send(next(), BodyHandlers.ofByteArray()).body();
        errand.check(answer.length);
        if (errand == Errand.GET_JSON) {
            Catalogue.MAPPER.readValue(answer, Catalogue.class).check();
        }
    }

    private HttpRequest next() {
        if (errand != Errand.POST_JSON) {
            return request;
        }
        return HttpRequest.newBuilder(request.uri())
                .header("Content-Type", "application/json")
                .POST(body(Catalogue.EXAMPLE.toJson()))
                .build();
    }

    private static BodyPublisher body(byte[] bytes) {
        return bytes == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(bytes);
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
