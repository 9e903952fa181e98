package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.run;
import static asyncio.io.Streams.openConnection;
import static asyncio.io.Streams.startServer;
import static java.nio.charset.StandardCharsets.UTF_8;

import asyncio.Coroutine;
import asyncio.IncompleteReadException;
import asyncio.io.ConnectOptions;
import asyncio.io.LimitOverrunException;
import asyncio.io.StreamReader;
import asyncio.io.StreamWriter;

/** readuntil gives the separator too; too much without it is an overrun that consumes nothing. */
final class StreamReaduntilSeparatorAndOverrun extends Program {
    void serve(StreamReader reader, StreamWriter writer) {
        writer.write("key=value;next;" + "x".repeat(50) + ";tail");
        writer.close();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    Coroutine<Void> main() {
        return async(() -> {
            var server = await(startServer(this::serve, "127.0.0.1", 0));
            var connection = await(openConnection("127.0.0.1", server.port(), ConnectOptions.NONE.withLimit(20)));
            var reader = connection.reader();
            say(text(await(reader.readuntil(bytes("=")))));
            say(text(await(reader.readuntil(bytes(";")))));
            say(text(await(reader.readuntil(bytes("xt;")))));
            for (int i = 0; i < 2; i++) {
                try {
                    await(reader.readuntil(bytes(";")));
                } catch (LimitOverrunException e) {
                    say(e, "more than the limit", e.consumed() > 20);
                }
            }
            say("data still there", text(await(reader.readexactly(51))).substring(48));
            try {
                await(reader.readuntil(bytes(";")));
            } catch (IncompleteReadException e) {
                var expected = e.expected() == IncompleteReadException.UNDEFINED ? null : e.expected();
                say(e, "partial", text(e.partial()), "expected", expected);
            }
            try {
                await(reader.readuntil(new byte[0]));
            } catch (IllegalArgumentException e) {
                say("empty separator", e);
            }
            connection.close();
            server.close();
        });
    }

    @Override
    void program() {
        run(main());
    }
}
