package samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {

    @Test
    void listsTheSamples() {
        var sample = Sample.run();

        assertEquals(0, sample.exitCode());
        assertTrue(sample.out().contains("  duplicates  Finds files"), sample.out());
        assertTrue(sample.out().contains("  flags       Downloads the flags"), sample.out());
        assertTrue(sample.out().contains("  http        Fetches URLs"), sample.out());
        assertTrue(sample.out().contains("  sums        Prints the SHA-256"), sample.out());
        assertTrue(sample.out().contains("  count       Counts to two"), sample.out());
        assertEquals("", sample.err());
    }

    @ParameterizedTest
    @CsvSource({"flgs, There is no sample 'flgs'", "--bogus, Unknown option: '--bogus'"})
    void explainsAMistakeInOneLine(String argument, String problem) {
        var sample = Sample.run(argument);

        assertEquals(2, sample.exitCode());
        assertEquals("", sample.out());
        assertTrue(sample.err().startsWith("samples/run: " + problem), sample.err());
        assertEquals(1, sample.err().lines().count());
    }
}
