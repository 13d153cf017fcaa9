using System.Globalization;
using Rotation.Bench.DevServer;
using Rotation.Bench.Makespan;
using Rotation.Bench.Start;

return args switch
{
    ["devserver"] => await DevServerBench.RunAsync(),
    ["large", var closed] => await LargeFile.RunAsync(int.Parse(closed, CultureInfo.InvariantCulture)),
    ["soak", var minutes] => await Soak.RunAsync(TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture))),
    ["makespan"] => MakespanBench.Run(),
    ["start", var executable] => await StartBench.RunAsync(executable),
    ["serve", var file] => await ServeCommand.RunAsync(file),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: bench devserver | makespan | large CLOSED | soak MINUTES | start EXECUTABLE");
    return 2;
}
