package samples.cookbook;

import static asyncio.Asyncio.*;
import static asyncio.vertx.EventBusServices.serve;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import asyncio.http.ClientSession;
import asyncio.vertx.AsyncioVerticle;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import samples.LocalServer;

/** Asking from inside of a Vert.x application. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class VerticleTest {

    // ---- recipes

    /** Answers on the event bus with what the server says. */
    static final class Weather extends AsyncioVerticle {
        private final String url;
        private ClientSession session;

        Weather(String url) {
            this.url = url;
        }

        @Override
        public void start() {
            session = ClientSession.create();
            createTask(serve(vertx.eventBus().<String>consumer("weather"), message -> {
                var request = session.get(url).param("city", message.body()).raiseForStatus(true);
                try (var response = await(request)) {
                    return await(response.text());
                }
            }));
        }

        @Override
        public void stop() {
            session.close();
        }
    }

    // ---- tests

    @Test
    void aVerticleAsks() throws Exception {
        var vertx = Vertx.vertx();
        try (var server = LocalServer.start(request -> request.response().end("rain in " + request.getParam("city")))) {
            vertx.deployVerticle(new Weather(server.url("/")))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(30, SECONDS);
            var reply = vertx.eventBus()
                    .<String>request("weather", "Seoul")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(30, SECONDS);
            assertEquals("rain in Seoul", reply.body());
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(30, SECONDS);
        }
    }
}
