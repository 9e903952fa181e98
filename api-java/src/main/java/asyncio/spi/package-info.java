/** What an implementation of asyncio4j provides. Programs do not use this package. */
@NullMarked
package asyncio.spi;

import org.jspecify.annotations.NullMarked;
