package samples.count;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import samples.Sample;

class CountTest {

    @Test
    void countsThreeTimesAtOnce() {
        var printed = new ByteArrayOutputStream();
        var before = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        int exitCode;
        try {
            exitCode = Sample.run("count").exitCode();
        } finally {
            System.setOut(before);
        }

        assertEquals(0, exitCode);
        assertEquals(
                "One\nOne\nOne\nTwo\nTwo\nTwo\n",
                printed.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n"));
    }
}
