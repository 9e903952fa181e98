package asyncio.io;

import static asyncio.Asyncio.*;
import static org.junit.jupiter.api.Assertions.*;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Text for programs where the locale has no characters for it. */
@Timeout(120)
class SubprocessLocaleTest {
    /** Its locale has ASCII only. */
    static final class InAscii {
        public static void main(String[] args) throws Exception {
            run(() -> {
                for (var command : List.of(
                        Command.exec("printf", "\u00e9"),
                        Command.shell("echo \u20ac"),
                        Command.exec("true").withEnv("NAME", "\u00e9"))) {
                    try {
                        await(command.run());
                        System.out.println("it was started");
                    } catch (IllegalArgumentException e) {
                        System.out.println(e.getMessage().replaceAll("^'[^']+'", "text"));
                    }
                }
                var printed = await(
                        Command.exec("printenv", "TEXT").withEnv("OTHER", "1").run());
                for (var octet : printed.stdout()) {
                    System.out.printf("%02x ", octet);
                }
            });
        }
    }

    // Python passes the bytes of UTF-8 in every locale; the JDK passes '?'
    @Test
    @EnabledOnOs(OS.LINUX)
    void textThatTheLocaleDoesNotHaveIsRefused() throws Exception {
        run(() -> {
            var program = Jvm.of(InAscii.class).withEnv("LC_ALL", "C").withEnv("TEXT", "\u00fc");
            var refusal =
                    "text cannot be passed to a program in US-ASCII, the charset of this JVM's locale; start the JVM with LC_ALL=C.UTF-8\n";
            assertEquals(
                    refusal.repeat(3) + "c3 bc 0a ",
                    await(program.run()).checkReturncode().stdoutText());
        });
    }
}
