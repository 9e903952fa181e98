@CheckReturnValue
package consumer.checked;

import asyncio.CheckReturnValue;
