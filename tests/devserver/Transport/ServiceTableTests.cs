using Rotation.DevServer.Transport;
using Shouldly;
using Temporalio.Api.WorkflowService.V1;
using Xunit;

namespace Rotation.Tests.DevServer.Transport;

public sealed class ServiceTableTests
{
    [Fact]
    public void A_method_no_service_has_is_refused() => Should.Throw<ArgumentException>(
        () => new ServiceTable().Add<GetSystemInfoRequest, GetSystemInfoResponse>("GetSystemInf", Answer)).Message.ShouldContain("GetSystemInf");

    [Fact]
    public void A_handler_of_other_types_is_refused() => Should.Throw<ArgumentException>(
        () => new ServiceTable().Add<GetSystemInfoRequest, GetSystemInfoResponse>("GetClusterInfo", Answer)).Message.ShouldContain("GetClusterInfoRequest");

    [Fact]
    public void A_second_handler_is_refused() => Should.Throw<ArgumentException>(() => new ServiceTable()
        .Add<GetSystemInfoRequest, GetSystemInfoResponse>("GetSystemInfo", Answer)
        .Add<GetSystemInfoRequest, GetSystemInfoResponse>("GetSystemInfo", Answer)).Message.ShouldContain("already");

    private static Task<GetSystemInfoResponse> Answer(GetSystemInfoRequest request, CallContext context) => Task.FromResult(new GetSystemInfoResponse());
}
