using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using OperationStatus = Temporalio.Api.ErrorDetails.V1.MultiOperationExecutionFailure.Types.OperationStatus;

namespace Rotation.DevServer.Transport;

/// <summary>
/// The one exception a handler throws to refuse a call: a gRPC status and at most one typed detail. The .NET client acts on a
/// detail only when there is exactly one. Made by <see cref="Failures"/>, so that code and detail always belong together.
/// </summary>
internal sealed class RpcFailure(StatusCode code, string message, IMessage? detail = null) : Exception(message)
{
    public StatusCode Code { get; } = code;

    public IMessage? Detail { get; } = detail;

    /// <summary>The same failure as a <c>google.rpc.Status</c>, whose wire form <see cref="OperationStatus"/> shares field for field.</summary>
    public OperationStatus ToStatus()
    {
        var status = new OperationStatus { Code = (int)Code, Message = Message };
        if (Detail is not null)
            status.Details.Add(Any.Pack(Detail));
        return status;
    }

    /// <summary>The form Grpc.AspNetCore sends: status line, and the details in the trailer the SDKs read.</summary>
    public RpcException ToRpcException()
    {
        var trailers = new Metadata();
        if (Detail is not null)
            trailers.Add("grpc-status-details-bin", ToStatus().ToByteArray());
        return new RpcException(new Status(Code, Message), trailers, Message);
    }
}
