package benchmarks.http;

import benchmarks.work.VertxLoop;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.util.concurrent.CountDownLatch;

/** The WebClient of Vert.x, with callbacks. */
public class VertxWebClient extends HttpWork {
    private final VertxLoop loop = new VertxLoop();

    private Context context;
    private HttpRequest<Buffer> request;
    private Buffer body;

    @Override
    protected void open() throws Exception {
        loop.open();
        context = loop.context(ThreadingModel.EVENT_LOOP);
        var options = VertxHttp.options(new WebClientOptions(), errand);
        request = WebClient.create(loop.vertx, options, VertxHttp.pool())
                .request(HttpMethod.valueOf(errand.method), errand.port(), HOST, errand.path);
        if (errand.body != null) {
            body = Buffer.buffer(errand.body);
        }
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
        send().onComplete(
                        response -> {
                            check(response);
                            go(requests - 1, end);
                        },
                        VertxHttp::failed);
    }

    private Future<HttpResponse<Buffer>> send() {
        return switch (errand) {
            case POST, UPLOAD -> request.sendBuffer(body);
            case POST_JSON -> request.sendJson(Catalogue.EXAMPLE);
            default -> request.send();
        };
    }

    private void check(HttpResponse<Buffer> response) {
        try {
            if (errand == Errand.GET_JSON) {
                response.bodyAsJson(Catalogue.class).check();
            } else {
                errand.check(response.body().length());
            }
        } catch (RuntimeException e) {
            VertxHttp.failed(e);
        }
    }
}
