package benchmarks.http;

import benchmarks.work.VertxLoop;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/** The HttpClient of Vert.x as it is written without coroutines. The body of a response stays the buffer that it is. */
public class VertxHttp extends HttpWork {
    /** What one read of Netty brings at most: smaller portions are more of them. */
    private static final int LARGE_CHUNK = 64 * 1024;

    private final VertxLoop loop = new VertxLoop();

    private Context context;
    private HttpClient client;
    private RequestOptions request;
    private Buffer body;

    @Override
    protected void open() throws Exception {
        loop.open();
        context = loop.context(ThreadingModel.EVENT_LOOP);
        client = loop.vertx.createHttpClient(options(new HttpClientOptions(), errand), pool());
        request = new RequestOptions()
                .setMethod(HttpMethod.valueOf(errand.method))
                .setHost(HOST)
                .setPort(errand.port())
                .setSsl(errand.tls())
                .setURI(errand.path);
        if (errand.body != null) {
            body = Buffer.buffer(errand.body);
        }
    }

    static <O extends HttpClientOptions> O options(O options, Errand errand) {
        options.setSsl(errand.tls()).setTrustAll(true).setVerifyHost(false).setMaxChunkSize(LARGE_CHUNK);
        if (errand.http2()) {
            options.setProtocolVersion(HttpVersion.HTTP_2).setUseAlpn(true);
        }
        return options;
    }

    static PoolOptions pool() {
        return new PoolOptions().setHttp1MaxSize(POOL);
    }

    @Override
    protected void run(int clients, int requestsOfEach) throws InterruptedException {
        VertxLoop.runAndWait(context, clients, end -> {
            for (int i = 0; i < clients; i++) {
                go(requestsOfEach, end);
            }
        });
    }

    private void go(int requests, CountDownLatch end) {
        if (requests == 0) {
            end.countDown();
            return;
        }
        client.request(request)
                .onComplete(
                        toServer -> send(toServer)
                                .onComplete(
                                        response -> response.body()
                                                .onComplete(
                                                        answer -> {
                                                            check(answer);
                                                            go(requests - 1, end);
                                                        },
                                                        VertxHttp::failed),
                                        VertxHttp::failed),
                        VertxHttp::failed);
    }

    private Future<HttpClientResponse> send(HttpClientRequest toServer) {
        return switch (errand) {
            case POST, UPLOAD -> toServer.send(body);
            case POST_JSON -> {
                toServer.putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
                yield toServer.send(Buffer.buffer(Catalogue.EXAMPLE.toJson()));
            }
            default -> toServer.send();
        };
    }

    private void check(Buffer answer) {
        try {
            errand.check(answer.length());
            if (errand == Errand.GET_JSON) {
                Catalogue.MAPPER.readValue(answer.getBytes(), Catalogue.class).check();
            }
        } catch (IOException | RuntimeException e) {
            failed(e);
        }
    }

    /** Whoever waits would do so for ever. */
    static void failed(Throwable failure) {
        failure.printStackTrace();
        Runtime.getRuntime().halt(1);
    }
}
