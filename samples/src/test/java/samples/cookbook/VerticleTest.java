package samples.cookbook;

import static asyncio.Asyncio.*;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import asyncio.Coroutine;
import asyncio.EventLoop;
import asyncio.http.ClientSession;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import samples.LocalServer;

/** Asking from inside of a Vert.x application. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class VerticleTest {

    // ---- recipes

    /** Answers on the event bus with what the server says. */
    static final class Weather extends VerticleBase {
        private final String url;
        private final EventLoop loop = newEventLoop();
        private ClientSession session;

        Weather(String url) {
            this.url = url;
        }

        @Override
        public Future<?> start() {
            var thread = new Thread(loop::runForever, "weather");
            thread.setDaemon(true);
            thread.start();
            vertx.eventBus()
                    .<String>consumer(
                            "weather",
                            message -> inLoop(ask(message.body()))
                                    .onSuccess(message::reply)
                                    .onFailure(problem -> message.fail(1, problem.getMessage())));
            return inLoop(async(() -> session = ClientSession.create()));
        }

        private Coroutine<String> ask(String city) {
            return async(() -> {
                try (var response = await(session.get(url).param("city", city).raiseForStatus(true))) {
                    return await(response.text());
                }
            });
        }

        private <T> Future<T> inLoop(Coroutine<T> coroutine) {
            return Future.fromCompletionStage(runCoroutineThreadsafe(coroutine, loop), context);
        }

        @Override
        public Future<?> stop() {
            return inLoop(async(() -> session.close())).onComplete(closed -> loop.callSoonThreadsafe(loop::stop));
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
