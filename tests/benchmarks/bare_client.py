"""A client that does nothing but fetch, as a measure for those that do more: ``bare_client.py PORT``."""

from __future__ import annotations

import asyncio
import sys

import aiohttp

HOSTS, PAGES = 40, 2000
AT_ONCE = 200
Told = tuple[int, int]


def urls(port: int) -> list[str]:
    return [f"http://127.0.0.{number % HOSTS + 1}:{port}/{number}" for number in range(PAGES)]


def bare(port: int) -> Told:
    """aiohttp with nothing around it, at the same number of requests at once."""

    async def run() -> Told:
        slots = asyncio.Semaphore(AT_ONCE)
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

            async def one(url: str) -> int:
                async with slots, session.get(url) as response:
                    await response.read()
                    return response.status

            got = await asyncio.gather(*map(one, urls(port)))
            return got.count(200), got.count(404)

    return asyncio.run(run())


if __name__ == "__main__":
    print(*bare(int(sys.argv[1])))
