package asyncio.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test of JUnit that is a coroutine: its method may await, as a body of {@code async(() -> …)} may, and time is
 * virtual.
 *
 * <pre>{@code
 * @AsyncioTest
 * void sleepsForAnHour() {
 *     await(sleep(ofHours(1)));
 * }
 * }</pre>
 *
 * <p>Methods annotated with {@code @BeforeEach} and {@code @AfterEach} may await too, on the same loop. The method may
 * take the loop as a parameter, as {@link asyncio.EventLoop} or, except in real time, as {@link TestLoop}.
 *
 * <p>A test fails if tasks are still running at its end, after {@code @AfterEach}; if something was reported to the
 * loop's exception handler that it did not {@linkplain TestLoop#takeReports take}; and if it lasts longer than its
 * limit.
 *
 * <p>Put {@link InLoop} beside {@code @ParameterizedTest} or {@code @RepeatedTest}, or on a class, instead.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Test
@ExtendWith(AsyncioExtension.class)
public @interface AsyncioTest {
    /** The time in which it runs. */
    Time time() default Time.VIRTUAL;

    /**
     * How many seconds of real time the test, and each method before and after it, may take; 0 for any number. While a
     * debugger is attached there is no limit.
     */
    long timeLimit() default 10;
}
