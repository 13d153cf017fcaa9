using System.Globalization;
using Rotation.Bench.DevServer;

return args switch
{
    ["devserver"] => await DevServerBench.RunAsync(),
    ["large", var closed] => await LargeFile.RunAsync(int.Parse(closed, CultureInfo.InvariantCulture)),
    ["serve", var file] => await ServeCommand.RunAsync(file),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: bench devserver | large CLOSED");
    return 2;
}
