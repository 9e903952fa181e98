/** Files whose operations are awaited, so that no disk holds up a loop. Python: {@code aiofiles}. */
@NullMarked
package asyncio.file;

import org.jspecify.annotations.NullMarked;
