package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static asyncio.io.Transports.createConnection;
import static asyncio.io.Transports.createServer;
import static java.nio.charset.StandardCharsets.UTF_8;

import asyncio.Coroutine;
import asyncio.Future;
import asyncio.Queue;
import asyncio.io.BufferedProtocol;
import asyncio.io.Protocol;
import asyncio.io.Transport;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A buffered protocol gets what fits into its buffer, nothing while it is paused, and what is left goes to the protocol
 * after it.
 */
final class BufferedProtocolPausesAndHandsOver extends Program {
    private final class Portions implements BufferedProtocol {
        final ByteBuffer buffer = ByteBuffer.allocate(4);
        final Queue<String> filled = Queue.create();
        final Protocol successor;
        Transport transport;

        Portions(Protocol successor) {
            this.successor = successor;
        }

        @Override
        public void connectionMade(Transport transport) {
            this.transport = transport;
        }

        @Override
        public ByteBuffer getBuffer(int sizehint) {
            return buffer.clear();
        }

        @Override
        public void bufferUpdated(int count) {
            var text = new String(buffer.array(), 0, count, UTF_8);
            say("filled", text);
            if (text.equals("ghij")) {
                transport.setProtocol(successor);
            } else {
                transport.pauseReading();
            }
            filled.putNowait(text);
        }
    }

    private final class Rest implements Protocol {
        final Future<String> lost = getRunningLoop().createFuture();

        @Override
        public void dataReceived(byte[] data) {
            say("rest", new String(data, UTF_8));
        }

        @Override
        public boolean eofReceived() {
            say("rest eof");
            return false;
        }

        @Override
        public void connectionLost(@Nullable Throwable error) {
            say("rest lost");
            lost.setResult("");
        }
    }

    Coroutine<Void> main() {
        return async(() -> {
            var rest = new Rest();
            var portions = new Portions(rest);
            var server = await(createServer(() -> portions, "127.0.0.1", 0));
            var client = await(createConnection(() -> new Protocol() {}, "127.0.0.1", server.port()));
            var transport = client.transport();
            transport.write("0123456789efghijklm".getBytes(UTF_8));
            transport.close();
            transport.write("too late".getBytes(UTF_8));
            for (int i = 0; i < 3; i++) {
                var text = await(portions.filled.get());
                await(sleep(Duration.ofMillis(10)));
                say("resume after", text);
                portions.transport.resumeReading();
            }
            await(rest.lost);
            server.close();
            await(server.waitClosed());
        });
    }

    @Override
    void program() {
        run(main());
    }
}
