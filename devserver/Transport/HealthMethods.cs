using Google.Protobuf;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;

namespace Rotation.DevServer.Transport;

/// <summary>
/// <c>grpc.health.v1.Health</c> by hand (two one-field messages): SERVING from the first moment, because the port opens only
/// when recovery is finished. <c>Watch</c> is left out, as tools poll <c>Check</c>.
/// </summary>
internal static class HealthMethods
{
    private const string Service = "grpc.health.v1.Health";

    /// <summary>HealthCheckResponse{status: SERVING}: field 1, varint 1.</summary>
    private static readonly byte[] Serving = [0x08, 0x01];

    public static void Publish(ServiceMethodProviderContext<RpcEndpoint> context)
    {
        var check = new Method<byte[], byte[]>(MethodType.Unary, Service, "Check", Marshalling.Bytes, Marshalling.Bytes);
        context.AddUnaryMethod(check, [], (_, request, _) => Task.FromResult(Answer(ServiceNameIn(request))));
    }

    private static byte[] Answer(string service)
    {
        if (service.Length == 0 || RpcMethod.All.Any(m => m.Service == service))
            return Serving;
        throw new RpcException(new Status(StatusCode.NotFound, $"unknown service {service}"));
    }

    private static string ServiceNameIn(byte[] request)
    {
        try
        {
            var input = new CodedInputStream(request);
            var service = "";
            while (input.ReadTag() is var tag and not 0)
            {
                if (tag == WireFormat.MakeTag(1, WireFormat.WireType.LengthDelimited))
                    service = input.ReadString();
                else
                    input.SkipLastField();
            }
            return service;
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new RpcException(new Status(StatusCode.Internal, $"grpc: error unmarshalling request: {e.Message}"));
        }
    }
}
