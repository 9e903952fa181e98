package samples.kv;

import static asyncio.Asyncio.*;
import static asyncio.io.Streams.openConnection;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import samples.Sample;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KeyValueTest {
    @Test
    void everyClientGetsItsOwnAnswers() throws Exception {
        var done = Sample.run("kv", "--clients", "200", "--commands", "50");
        assertEquals("", done.err());
        assertEquals(0, done.exitCode());
        // 180 clients with 50 answers each, 10 that read late, and 10 that are killed before the last answer.
        assertTrue(
                done.out().contains("10 clients killed on their way, 10 that read late, 0 wrong answers"), done.out());
    }

    @Test
    void commandsHaveTheirAnswers() {
        run(() -> {
            var server = new KeyValueServer();
            var listening = await(server.start(0));
            try (var connection = await(openConnection("127.0.0.1", listening.port()))) {
                connection
                        .writer()
                        .write("GET a\nSET a b c\nGET a\nADD a 1\nADD n 2\nADD n -5\nDEL a\nDEL a\nSET a\n\nQUIT\n");
                assertEquals(
                        "NONE\nOK\nVALUE b c\nERROR not a number\nVALUE 2\nVALUE -3\nOK\nNONE\n"
                                + "ERROR unknown command: SET a\nERROR unknown command: \nBYE\n",
                        new String(await(connection.reader().read()), UTF_8));
            }
            listening.close();
            await(listening.waitClosed());
            assertEquals(0, server.open());
        });
    }

    @Test
    void aLineThatIsTooLongEndsTheConnection() {
        run(() -> {
            var listening = await(new KeyValueServer().start(0));
            try (var connection = await(openConnection("127.0.0.1", listening.port()))) {
                connection.writer().write("SET a " + "x".repeat(1500));
                assertEquals(
                        "ERROR a line has at most 1024 bytes\n",
                        new String(await(connection.reader().read()), UTF_8));
            }
            listening.close();
        });
    }
}
