package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;
import static asyncio.io.Transports.createConnection;
import static asyncio.io.Transports.createServer;
import static java.nio.charset.StandardCharsets.UTF_8;

import asyncio.Coroutine;
import asyncio.Future;
import asyncio.io.Protocol;
import asyncio.io.Transport;
import java.io.IOException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a protocol raises in data_received ends its connection; what it raises in connection_made is only reported. An
 * OSError, which is IOException here, is not reported.
 */
final class ProtocolErrorsEndTheConnectionOrAreOnlyReported extends Program {
    private record Case(String fails, Exception error) {}

    private final class Fragile implements Protocol {
        final Case failing;
        final Future<String> lost = getRunningLoop().createFuture();

        Fragile(Case failing) {
            this.failing = failing;
        }

        private void heard(String method, Object... what) throws Exception {
            say(Stream.concat(Stream.of("server", method), Stream.of(what)).toArray());
            if (method.equals(failing.fails)) throw failing.error;
        }

        @Override
        public void connectionMade(Transport transport) throws Exception {
            heard("made");
        }

        @Override
        public void dataReceived(byte[] data) throws Exception {
            heard("data", new String(data, UTF_8));
        }

        @Override
        public boolean eofReceived() throws Exception {
            heard("eof");
            return false;
        }

        @Override
        public void connectionLost(@Nullable Throwable error) {
            say("server lost", error);
            lost.setResult("");
        }
    }

    Coroutine<Void> main() {
        return async(() -> {
            getRunningLoop().setExceptionHandler((loop, context) -> say("reported", context.exception()));
            var cases = new Case[] {
                new Case("made", new IllegalArgumentException()),
                new Case("data", new IllegalArgumentException()),
                new Case("data", new IOException()),
                new Case("eof", new IllegalArgumentException())
            };
            for (var failing : cases) {
                say(failing.fails, "raises", failing.error);
                var protocol = new Fragile(failing);
                var server = await(createServer(() -> protocol, "127.0.0.1", 0));
                var client = await(createConnection(() -> new Protocol() {}, "127.0.0.1", server.port()));
                var transport = client.transport();
                transport.write("hello".getBytes(UTF_8));
                if (!failing.fails.equals("data")) transport.writeEof();
                await(protocol.lost);
                transport.close();
                server.close();
                await(server.waitClosed());
            }
        });
    }

    @Override
    void program() {
        run(main());
    }
}
