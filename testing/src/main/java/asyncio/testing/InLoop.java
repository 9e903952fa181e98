package asyncio.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Has tests run as coroutines, as {@link AsyncioTest} does: on a class for all its tests of whatever kind, or on a
 * method beside {@code @ParameterizedTest}, {@code @RepeatedTest} or {@code @TestFactory}.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ExtendWith(AsyncioExtension.class)
public @interface InLoop {
    /** The time in which they run. */
    Time time() default Time.VIRTUAL;

    /** The limit of each in seconds of real time; see {@link AsyncioTest#timeLimit}. */
    long timeLimit() default 10;
}
