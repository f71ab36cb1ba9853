using System.Linq.Expressions;
using System.Reflection;

namespace DataHealth.Core.Health.Mapped;

/// <summary>
/// How a record is written and read, made from its own properties when it is first needed: a property that is added to a record is stored without a word here, and bytes of another build are never
/// read (<see cref="MappedIndex.Build"/>). Compiled, since millions of lines pass through it.
/// </summary>
/// <typeparam name="T">A record: its constructor's parameters and its properties that can be set are all that it is.</typeparam>
internal static class Shape<T>
{
    public static readonly Action<PackWriter, T> Write = MakeWrite();

    public static readonly Func<PackReader, T> Read = MakeRead();

    private static Action<PackWriter, T> MakeWrite()
    {
        var (writer, value) = (Expression.Parameter(typeof(PackWriter)), Expression.Parameter(typeof(T)));
        var steps = Members().Select(member => Shapes.Write(writer, Expression.Property(value, member)));
        return Expression.Lambda<Action<PackWriter, T>>(Expression.Block(steps), writer, value).Compile();
    }

    private static Func<PackReader, T> MakeRead()
    {
        var reader = Expression.Parameter(typeof(PackReader));
        var members = Members();
        // In the order in which they were written, before the object is made of them.
        var values = members.ToDictionary(member => member, member => Expression.Variable(member.PropertyType));
        var constructor = Constructor();
        var parameters = constructor?.GetParameters() ?? [];
        var made = constructor is null
            ? Expression.New(typeof(T))
            : Expression.New(constructor, parameters.Select(parameter => values[members.Single(member => member.Name == parameter.Name)]));
        var rest = members.Where(member => !parameters.Any(parameter => parameter.Name == member.Name)).Select(member => Expression.Bind(member, values[member]));
        return Expression.Lambda<Func<PackReader, T>>(
            Expression.Block(values.Values, [.. members.Select(member => Expression.Assign(values[member], Shapes.Read(reader, member.PropertyType))), Expression.MemberInit(made, rest)]), reader).Compile();
    }

    private static List<PropertyInfo> Members() =>
        [.. typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(member => member.SetMethod is { IsPublic: true }).OrderBy(member => member.Name, StringComparer.Ordinal)];

    // That of a record with parameters; the copy constructor is not public.
    private static ConstructorInfo? Constructor() => typeof(T).GetConstructors() is [var only] && only.GetParameters().Length > 0 ? only : null;
}

/// <summary>How a property is written and read, by its type.</summary>
internal static class Shapes
{
    private static readonly Dictionary<Type, MethodInfo> Writers =
        typeof(PackWriter).GetMethods().Where(method => method.Name == nameof(PackWriter.Write)).ToDictionary(method => method.GetParameters()[0].ParameterType);

    private static readonly Dictionary<Type, MethodInfo> Readers = new()
    {
        [typeof(bool)] = Of(nameof(PackReader.Bool)),
        [typeof(bool?)] = Of(nameof(PackReader.MaybeBool)),
        [typeof(int)] = Of(nameof(PackReader.Int)),
        [typeof(int?)] = Of(nameof(PackReader.MaybeInt)),
        [typeof(DateOnly)] = Of(nameof(PackReader.Date)),
        [typeof(DateOnly?)] = Of(nameof(PackReader.MaybeDate)),
        [typeof(DateTimeOffset?)] = Of(nameof(PackReader.MaybeTime)),
        [typeof(decimal)] = Of(nameof(PackReader.Decimal)),
        [typeof(decimal?)] = Of(nameof(PackReader.MaybeDecimal)),
        [typeof(string)] = Of(nameof(PackReader.Text)),
        [typeof(IReadOnlyList<string>)] = Of(nameof(PackReader.Texts)),
    };

    public static Expression Write(Expression writer, Expression value) =>
        value.Type.IsEnum ? Expression.Call(writer, Writers[typeof(int)], Expression.Convert(value, typeof(int)))
        : Readers.ContainsKey(value.Type) ? Expression.Call(writer, Writers[value.Type], value)
        : ElementOf(value.Type) is { } element ? Expression.Call(writer, nameof(PackWriter.WriteAll), [element], value)
        : Expression.Invoke(Expression.Field(null, typeof(Shape<>).MakeGenericType(Own(value.Type)), "Write"), writer, value);

    public static Expression Read(Expression reader, Type type) =>
        type.IsEnum ? Expression.Convert(Expression.Call(reader, Readers[typeof(int)]), type)
        : Readers.TryGetValue(type, out var method) ? Expression.Call(reader, method)
        : ElementOf(type) is { } element ? Expression.Call(reader, nameof(PackReader.All), [element])
        : Expression.Invoke(Expression.Field(null, typeof(Shape<>).MakeGenericType(Own(type)), "Read"), reader);

    private static Type? ElementOf(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;

    // A record within a record; anything else has to be given its own bytes first.
    private static Type Own(Type type) =>
        type.IsClass && type.Assembly == typeof(Shapes).Assembly ? type : throw new NotSupportedException($"Records with a {type} cannot be stored: PackWriter and PackReader do not know it.");

    private static MethodInfo Of(string reader) => typeof(PackReader).GetMethod(reader, [])!;
}
