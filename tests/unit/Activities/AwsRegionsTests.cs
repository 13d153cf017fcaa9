using Rotation.Activities.Nodes;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Unit.Activities;

public sealed class AwsRegionsTests
{
    [Theory]
    [InlineData("us-east-1a", "us-east-1")]
    [InlineData("us-gov-west-1b", "us-gov-west-1")]
    [InlineData("us-west-2-lax-1a", "us-west-2")]
    [InlineData("ap-southeast-12c", "ap-southeast-12")]
    public void A_zone_names_its_region(string zone, string region) => AwsRegions.OfZone(zone).ShouldBe(region);
}
