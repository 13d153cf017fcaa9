using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;

namespace Rotation.Lab.Pki;

/// <summary>Serial numbers as kops draws them: the time in nanoseconds and 32 random bits, so that younger is larger.</summary>
internal static class KopsSerial
{
    private const int RandomBits = 32;
    private const int NanosecondsPerTick = 100;
    private static readonly Lock Drawing = new();
    private static long _last;

    /// <summary>A new one, as a decimal number; larger than every one drawn before in this process.</summary>
    public static string New()
    {
        lock (Drawing)
        {
            long ticks = Math.Max(DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks, _last + 1);
            _last = ticks;
            BigInteger serial = (new BigInteger(ticks * NanosecondsPerTick) << RandomBits) | RandomNumberGenerator.GetInt32(int.MaxValue);
            return serial.ToString(CultureInfo.InvariantCulture);
        }
    }
}
