using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Microsoft.Azure.Functions.Worker.Builder;

[SuppressMessage("Design", "CA1052:Static holder types should be Static or NotInheritable", Justification = "As the worker declares it.")]
public class FunctionsApplication
{
    public FunctionsApplication() { }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static FunctionsApplicationBuilder CreateBuilder(string[] args)
    {
        var functions = Assembly.GetCallingAssembly();
        return new(args, functions.GetTypes(), ownsProcess: functions == Assembly.GetEntryAssembly());
    }
}
