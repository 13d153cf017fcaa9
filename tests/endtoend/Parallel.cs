using Xunit.v3;

// Tests that kill processes wait for timeouts most of their time: a third beside two that work keeps two cores busy.
[assembly: Parallelization(MaxThreads = 3)]
