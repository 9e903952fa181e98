package asyncio;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The result must be used: a coroutine that nobody awaits never runs. Static checkers know an annotation of this name
 * (Error Prone, SpotBugs, IntelliJ IDEA); put it on your own functions that return a {@link Coroutine}, on their class,
 * or on their package in {@code package-info.java}.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.CONSTRUCTOR, ElementType.TYPE, ElementType.PACKAGE})
public @interface CheckReturnValue {}
