package samples.debugging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/debugging.md says a program prints and logs is what it does print and log. */
class ShopTest {
    private static final Pattern OUTPUT = Pattern.compile("```text\n(.*?)```", Pattern.DOTALL);

    /** Numbers of lines, times, and names of classes made at run time differ. */
    private static String comparable(String text) {
        return text.replaceAll("\\$\\$Lambda\\S*", "")
                .replaceAll("\\d+(\\.\\d+)?", "0")
                .replace("\r\n", "\n");
    }

    @Test
    void printsWhatThePageShows() throws IOException {
        var printed = comparable(printed());
        var page = Files.readString(Path.of("..", "docs", "debugging.md"));
        var matcher = OUTPUT.matcher(page.replace("\r\n", "\n"));
        int shown = 0;
        while (matcher.find()) {
            shown++;
            var block = comparable(matcher.group(1));
            assertTrue(printed.contains(block), () -> "not printed:\n" + block + "\nbut:\n" + printed);
        }
        assertEquals(9, shown);
    }

    private static String printed() {
        var bytes = new ByteArrayOutputStream();
        var out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        var before = System.out;
        var logger = Logger.getLogger("asyncio");
        var handler = new Logged(out);
        System.setOut(out);
        logger.addHandler(handler);
        try {
            Shop.main(new String[0]);
        } finally {
            logger.removeHandler(handler);
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static final class Logged extends Handler {
        private final PrintStream out;

        Logged(PrintStream out) {
            this.out = out;
        }

        @Override
        public void publish(LogRecord record) {
            out.println(record.getLevel() + ": " + record.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
