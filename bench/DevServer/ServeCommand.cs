using Rotation.DevServer;

namespace Rotation.Bench.DevServer;

/// <summary>The server in a process of its own, on a file: prints its address when it is ready, and ends with its standard input.</summary>
internal static class ServeCommand
{
    public static async Task<int> RunAsync(string file)
    {
        await using EmbeddedServer server = await EmbeddedServer.StartAsync(new DevServerOptions { DatabasePath = file }, CancellationToken.None);
        Console.WriteLine(server.Address);
        await Console.In.ReadToEndAsync();
        return 0;
    }
}
