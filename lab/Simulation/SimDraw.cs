namespace Rotation.Lab.Simulation;

/// <summary>Random numbers by name: the same seed and name give the same number, whatever was drawn before.</summary>
internal static class SimDraw
{
    /// <summary>Evenly from 0 to 1.</summary>
    public static double Uniform(int seed, string name)
    {
        ulong hash = 14695981039346656037UL ^ (ulong)seed;
        foreach (char c in name)
            hash = (hash ^ c) * 1099511628211UL;
        // SplitMix64's finalizer: neighbouring names must not give neighbouring numbers.
        hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9UL;
        hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebUL;
        return ((hash ^ (hash >> 31)) >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>From the standard normal distribution.</summary>
    public static double Normal(int seed, string name) =>
        Math.Sqrt(-2 * Math.Log(1 - Uniform(seed, name))) * Math.Cos(2 * Math.PI * Uniform(seed, name + " angle"));
}
