package samples.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.stream.Stream;
import samples.LocalServer;

/** Places on a server of this machine: a quick one, slow ones, a large one, one that has moved, one that is gone. */
final class Town implements AutoCloseable {
    private static final int SLOW = 300;
    private static final Buffer LARGE = Buffer.buffer(new byte[1 << 20]);

    private final LocalServer server = LocalServer.start(this::handle);

    private Town() {}

    static Town open() {
        return new Town();
    }

    List<String> urls() {
        return Stream.of("/inn", "/slow/1", "/slow/2", "/slow/3", "/market", "/old-inn", "/gone")
                .map(server::url)
                .toList();
    }

    private void handle(HttpServerRequest request) {
        var response = request.response();
        switch (request.path()) {
            case "/inn" -> response.end("Welcome to the inn");
            case "/slow/1", "/slow/2", "/slow/3" ->
                server.vertx().setTimer(SLOW, timer -> response.end("Here at last"));
            case "/market" -> response.end(LARGE);
            case "/old-inn" ->
                response.setStatusCode(301).putHeader("Location", "/inn").end();
            default -> response.setStatusCode(404).end("There is nothing here");
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
