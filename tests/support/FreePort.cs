using System.Net;
using System.Net.Sockets;

namespace Rotation.Tests.Support;

/// <summary>A port that was free a moment ago, for servers that cannot choose one themselves.</summary>
public static class FreePort
{
    /// <summary>The port.</summary>
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
