using System.Runtime.InteropServices;
using Rotation.Worker.Hosting;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Unit.Worker.Hosting;

/// <summary>The kernel writes no core file of a worker.</summary>
public sealed class CoreDumpsTests
{
    private const int GetDumpable = 3;
    private const int SetDumpable = 4;

    [Fact]
    public void The_kernel_knows_that_it_may_not()
    {
        int before = Prctl(GetDumpable, 0, 0, 0, 0);
        try
        {
            CoreDumps.Forbid();

            Prctl(GetDumpable, 0, 0, 0, 0).ShouldBe(0);
        }
        finally
        {
            Prctl(SetDumpable, before, 0, 0, 0).ShouldBe(0);
        }
    }

    [DllImport("libc", EntryPoint = "prctl")]
    private static extern int Prctl(int option, nint a, nint b, nint c, nint d);
}
